/** A message of the event WebSocket, or undefined when it is no JSON object with a type. */
export function parseMessage(text: string): { readonly type: string } | undefined {
  try {
    const message = JSON.parse(text) as { readonly type?: unknown } | null;
    return typeof message?.type === 'string' ? (message as { readonly type: string }) : undefined;
  } catch {
    return undefined; // The caller counts it.
  }
}
