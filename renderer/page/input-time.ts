/**
 * When the person made the input that is being handled, ms on the clock of `performance.now()`. A busy page handles it later. Outside of
 * its listeners: now.
 */
export function inputTime(): number {
  const now = performance.now();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the DOM standard keeps it; a parameter would have to pass through every view that sends
  const event = window.event;
  return event instanceof UIEvent ? Math.min(event.timeStamp, now) : now;
}
