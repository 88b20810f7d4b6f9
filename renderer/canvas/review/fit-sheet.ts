/** A grid of images with one ratio; sizes in CSS pixels. */
export interface Sheet {
  columns: number;
  width: number;
  height: number;
}

/** The largest grid of `count` images with captions that fits. `ratio`: width / height. */
export function fitSheet(
  count: number,
  ratio: number,
  place: { width: number; height: number },
  { gap, caption }: { gap: number; caption: number },
): Sheet {
  let best: Sheet = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const across = (place.width - gap * (columns - 1)) / columns;
    const down = (place.height - gap * (rows - 1)) / rows - caption;
    const width = Math.max(0, Math.min(across, down * ratio));
    if (width > best.width) best = { columns, width, height: width / ratio };
  }
  return best;
}
