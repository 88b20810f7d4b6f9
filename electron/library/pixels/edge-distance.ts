import type { Size } from './change-messages.ts';

/*
 * Exact Euclidean distance of each mask pixel to the nearest pixel outside the mask, centre to centre, up to a maximum: first along the
 * columns, then along each row by the lower envelope of parabolas (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled
 * Functions"). Beyond the image's border nothing counts as outside: a mask that reaches the border has no edge there.
 */

/** Per pixel: distance to the nearest outside pixel of its column, 0 for outside pixels, at most `max` + 1. */
export interface ColumnDistances {
  distances: Uint8Array;
  max: number;
}

/**
 * Measures all columns. Yields after every row so that the caller can pause.
 * @param edited one byte per pixel; 0 is outside the mask
 * @param max at most 254
 */
export function* measureColumns(
  edited: Uint8Array,
  { width, height }: Size,
  max: number,
): Generator<void, ColumnDistances> {
  const far = max + 1;
  const distances = new Uint8Array(edited.length);
  const sweep = (y: number, from: number | null): void => {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      if (edited[at] === 0) continue;
      const before = from === null ? far : (distances[from * width + x] ?? far);
      const known = distances[at] || far;
      distances[at] = Math.min(known, before + 1, far);
    }
  };
  for (let y = 0; y < height; y += 1) {
    sweep(y, y === 0 ? null : y - 1);
    yield;
  }
  for (let y = height - 1; y >= 0; y -= 1) {
    sweep(y, y === height - 1 ? null : y + 1);
    yield;
  }
  return { distances, max };
}

/** Buffers for one row, reused for every row. */
export interface RowBuffers {
  /** Squared distances of the row measured last; values above `max`² only mean "further". */
  squares: Float64Array;
  readonly corners: Int32Array;
  readonly bounds: Float64Array;
}

export function createRowBuffers(width: number): RowBuffers {
  return {
    squares: new Float64Array(width),
    corners: new Int32Array(width),
    bounds: new Float64Array(width + 1),
  };
}

/** Measures one row, into `buffers.squares`. */
export function measureRow({ distances }: ColumnDistances, width: number, y: number, buffers: RowBuffers): void {
  const { squares, corners, bounds } = buffers;
  const row = y * width;
  const heightAt = (x: number): number => {
    const distance = distances[row + x] ?? 0;
    return distance * distance;
  };
  let last = 0;
  corners[0] = 0;
  bounds[0] = -Infinity;
  bounds[1] = Infinity;
  for (let x = 1; x < width; x += 1) {
    let meets: number;
    for (;;) {
      const corner = corners[last] ?? 0;
      meets = (heightAt(x) + x * x - heightAt(corner) - corner * corner) / (2 * (x - corner));
      if (meets > (bounds[last] ?? 0)) break;
      last -= 1;
    }
    last += 1;
    corners[last] = x;
    bounds[last] = meets;
    bounds[last + 1] = Infinity;
  }
  let nearest = 0;
  for (let x = 0; x < width; x += 1) {
    while ((bounds[nearest + 1] ?? Infinity) < x) nearest += 1;
    const corner = corners[nearest] ?? 0;
    squares[x] = (x - corner) * (x - corner) + heightAt(corner);
  }
}
