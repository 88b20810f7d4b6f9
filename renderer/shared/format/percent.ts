/**
 * A part of a whole in percent, to one place: "2.1%". What is there is never told as nothing, nor what is missing as all. A whole of
 * nothing has no parts: "0%".
 */
export function formatPercent(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%';
  if (part >= whole) return '100%';
  const tenths = Math.round((part / whole) * 1000) / 10;
  if (tenths < 0.1) return 'under 0.1%';
  return tenths > 99.9 ? 'over 99.9%' : `${tenths}%`;
}
