/** Polls until `probe` finds something. Fails after `limitMs` with `what`. */
export async function until<T>(probe: () => T | undefined, what: string, limitMs = 10_000): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const found = probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
  }
}
