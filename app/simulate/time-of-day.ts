/** Milliseconds since midnight of `HH:MM` or `HH:MM:SS`. */
export function msOfDay(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The two ends of `HH:MM-HH:MM`, in milliseconds since midnight. */
export function spanOfDay(text: string): { readonly fromMs: number; readonly toMs: number } {
  const [from = '', to = ''] = text.split('-');
  return { fromMs: msOfDay(from), toMs: msOfDay(to) };
}

/** `HH:MM` of milliseconds since midnight. */
export function clockText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
