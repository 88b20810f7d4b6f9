/** A share from 0 to 1 in percent: "2.1 %". A little is never told as nothing, nor almost all as all. */
export function shareWords(share: number): string {
  if (share <= 0) return '0 %';
  if (share < 0.0005) return 'under 0.1 %';
  if (share >= 1) return '100 %';
  return share > 0.9995 ? 'over 99.9 %' : `${(share * 100).toFixed(1)} %`;
}
