/** The local day of a timestamp (ms since 1970), `YYYY-MM-DD`. */
export function localDay(timestamp: number): string {
  const date = new Date(timestamp);
  const pad = (number: number, digits: number) => String(number).padStart(digits, '0');
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
}
