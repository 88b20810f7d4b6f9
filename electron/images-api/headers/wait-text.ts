const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNIT = 'milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w';
const PART = `\\d+(?:\\.\\d+)?\\s*(?:${UNIT})(?![a-z])`;
const DURATION = `${PART}(?:[\\s,]*(?:and\\s+)?${PART})*`;
const WHOLE_DURATION = new RegExp(`^${DURATION.replaceAll('(?![a-z])', '')}$`, 'iu');
const IN_SENTENCE = new RegExp(`\\b(?:retry|again|wait|available|resets?)\\b[^.\\d]{0,40}?(${DURATION})`, 'iu');
const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/iu;

/** By first letters: `ms` before `m`. */
const UNITS: readonly (readonly [start: string, milliseconds: number])[] = [
  ['mil', 1],
  ['ms', 1],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', 7 * DAY],
];

/**
 * Milliseconds until the moment that a header names, negative when it has passed; undefined when it can't be read. Understands seconds
 * (`8`, `8.5`), durations (`1m30s`, `120ms`, `2 minutes`, `PT8S`), dates (HTTP's, ISO 8601) and Unix times in seconds, milliseconds,
 * microseconds or nanoseconds.
 * @param now Unix time in milliseconds, by the clock of whoever named the moment
 */
export function readWait(text: string | null, now: number): number | undefined {
  const value = (text ?? '')
    .trim()
    .replace(/^"(.*)"$/su, '$1')
    .trim();
  if (value === '') return undefined;
  if (/^[+-]?\d+(?:\.\d+)?$/u.test(value)) return fromNumber(Number(value), now);
  return readDuration(value) ?? fromDate(value, now);
}

/** The wait in a sentence such as "Please try again in 20s."; undefined without one. */
export function waitInSentence(text: string): number | undefined {
  const duration = IN_SENTENCE.exec(text)?.[1];
  return duration === undefined ? undefined : readDuration(duration);
}

/** The magnitude tells seconds from Unix times: 10⁹ seconds are 31 years. */
function fromNumber(value: number, now: number): number {
  if (value >= 1e17) return value / 1e6 - now;
  if (value >= 1e14) return value / 1e3 - now;
  if (value >= 1e11) return value - now;
  return value >= 1e9 ? value * SECOND - now : value * SECOND;
}

function readDuration(text: string): number | undefined {
  const iso = ISO_DURATION.exec(text);
  if (iso) {
    const [, days = 0, hours = 0, minutes = 0, seconds = 0] = iso;
    return Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  }
  if (!WHOLE_DURATION.test(text)) return undefined;
  const parts = text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gu);
  return [...parts].reduce((sum, [, count, unit = '']) => {
    const milliseconds = UNITS.find(([start]) => unit.startsWith(start))?.[1] ?? 0;
    return sum + Number(count) * milliseconds;
  }, 0);
}

function fromDate(text: string, now: number): number | undefined {
  // Without a zone, JavaScript reads ISO dates with a time in the computer's zone.
  const isIso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/u.test(text);
  if (!isIso && !/[a-z]{3}|^\d{4}-\d\d-\d\d/iu.test(text)) return undefined;
  const date = Date.parse(isIso ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(date) ? undefined : date - now;
}
