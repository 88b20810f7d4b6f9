const MINUTE = 60;
const HOUR = 3600;
const pad = (number: number) => String(number).padStart(2, '0');

/** A duration in ms as "0:41" or "1:02:03". */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = pad(seconds % MINUTE);
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}:${rest}`;
  return `${Math.floor(seconds / HOUR)}:${pad(Math.floor((seconds % HOUR) / MINUTE))}:${rest}`;
}

/** A short duration in ms as "0.4 s". */
export function formatSeconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Start of a timestamp's calendar day in the local time zone, both in ms since 1970. */
export function startOfDay(timestamp: number): number {
  return new Date(timestamp).setHours(0, 0, 0, 0);
}

/** The day of a timestamp (ms since 1970) in the local time zone: "Today", "Yesterday", "Thursday 19 November", "3 May 2025". */
export function formatDay(timestamp: number, now: number): string {
  const day = startOfDay(timestamp);
  // Going back 12 hours from midnight reaches yesterday even if a day has 23 or 25 hours.
  if (day === startOfDay(now)) return 'Today';
  if (day === startOfDay(startOfDay(now) - 12 * HOUR * 1000)) return 'Yesterday';
  const sameYear = new Date(timestamp).getFullYear() === new Date(now).getFullYear();
  return sameYear ? weekday.format(timestamp).replace(',', '') : dated.format(timestamp);
}

/** The time of day as "11:52". */
export function formatTimeOfDay(timestamp: number): string {
  return clock.format(timestamp);
}

/** Date and time as "22 Nov 2026, 11:20:41". */
export function formatDateTime(timestamp: number): string {
  return moment.format(timestamp);
}
