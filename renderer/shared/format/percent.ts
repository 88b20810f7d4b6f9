/**
 * A part of a whole in percent with one decimal: "2.1%". A part that is not 0 is never shown as 0%, one that is not the whole never as 100%.
 * "0%" if the whole is 0.
 */
export function formatPercent(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%';
  if (part >= whole) return '100%';
  const tenths = Math.round((part / whole) * 1000) / 10;
  if (tenths < 0.1) return 'under 0.1%';
  return tenths > 99.9 ? 'over 99.9%' : `${tenths}%`;
}
