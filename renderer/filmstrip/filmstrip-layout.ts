/** Measures of the strip, CSS pixels. `most` and `least`: widths of a tile. */
export const STRIP = { height: 68, tile: 48, gap: 4, least: 28, most: 112 } as const;
/** Widths and heights in a ratio of the view's shape: width / height × 4096. */
const RATIO_ONE = 4096;
/** Tiles outside the visible part that are drawn, CSS pixels. */
const OVERSCAN = 300;

/** A tile of the strip: its position in the view, and where it is drawn. */
export interface StripTile {
  position: number;
  left: number;
  width: number;
}

/** What is drawn of the strip: `anchor` is centred at the middle of the view, moved by `offset` CSS pixels to the right. */
export interface StripView {
  anchor: number;
  offset: number;
  /** Width of the visible part. */
  width: number;
  total: number;
  ratioAt: (position: number) => number;
}

/** The width of a tile. `ratio`: width / height × 4096. */
export function tileWidth(ratio: number): number {
  return Math.round(Math.min(STRIP.most, Math.max(STRIP.least, (STRIP.tile * ratio) / RATIO_ONE)));
}

/** The tiles in or near the visible part, left to right. Takes as long for a million images as for ten. */
export function stripTiles({ anchor, offset, width, total, ratioAt }: StripView): StripTile[] {
  if (total === 0) return [];
  const own = tileWidth(ratioAt(anchor));
  const at = width / 2 + offset - own / 2;
  const tiles: StripTile[] = [{ position: anchor, left: at, width: own }];
  let left = at;
  for (let position = anchor - 1; position >= 0 && left > -OVERSCAN; position -= 1) {
    const tile = tileWidth(ratioAt(position));
    left -= STRIP.gap + tile;
    tiles.unshift({ position, left, width: tile });
  }
  let right = at + own;
  for (let position = anchor + 1; position < total && right < width + OVERSCAN; position += 1) {
    const tile = tileWidth(ratioAt(position));
    tiles.push({ position, left: right + STRIP.gap, width: tile });
    right += STRIP.gap + tile;
  }
  return tiles;
}

/**
 * Moves the strip by CSS pixels. Returns the tile nearest to the middle as its new anchor, so that the walk above stays short, within the
 * first and the last image.
 */
export function moveStrip(view: StripView, by: number): Pick<StripView, 'anchor' | 'offset'> {
  const middle = view.width / 2;
  let { anchor, offset } = { anchor: view.anchor, offset: view.offset + by };
  const half = (position: number): number => tileWidth(view.ratioAt(position)) / 2;
  // The anchor's centre is at `middle + offset`: to the neighbour while that is nearer.
  while (offset > 0 && anchor > 0) {
    const apart = half(anchor) + STRIP.gap + half(anchor - 1);
    if (offset < apart / 2) break;
    offset -= apart;
    anchor -= 1;
  }
  while (offset < 0 && anchor < view.total - 1) {
    const apart = half(anchor) + STRIP.gap + half(anchor + 1);
    if (-offset < apart / 2) break;
    offset += apart;
    anchor += 1;
  }
  const [isFirst, isLast] = [anchor === 0, anchor >= view.total - 1];
  const within = Math.max(isLast ? 0 : -middle, Math.min(isFirst ? 0 : middle, offset));
  return { anchor, offset: within };
}
