const grouped = new Intl.NumberFormat('en');

/** A number with thousands separators: "12,846". */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A number and its noun: "1 image", "12,846 images". */
export function formatQuantity(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
