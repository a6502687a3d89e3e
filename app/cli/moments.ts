/** How long, as people read it on a board: `7 s`, `2:05`, `1:02:05`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest.replace(/^0/, '') : `${Math.floor(seconds / 3600)}:${rest}`;
}

/** The wall clock of this machine: `10:02:31`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** The same to the minute, with the date when it is not that of `now`: `10:02`, `2026-08-13 10:02`. */
export function dayTime(at: number, now: number): string {
  const time = clockTime(at).slice(0, 5);
  const date = dateText(at);
  return date === dateText(now) ? time : `${date} ${time}`;
}

/** The date by the wall clock of this machine: `2026-08-13`. */
export function dateText(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
