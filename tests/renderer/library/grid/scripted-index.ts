import { page } from 'vitest/browser';
import type { Bucket, GridImage, View } from '../../../../electron/contract/entities/views.ts';
import { image, scriptedStudio, type ScriptedStudio } from '../../state/scripted-studio.ts';

const RATIOS = [6144, 4096, 2731, 7281];
const MARKS: GridImage['marks'] = { rating: 0, favourite: false, rejected: false };
const months = (total: number): Bucket[] =>
  Array.from({ length: 60 }, (_, index) => {
    const size = Math.ceil(total / 60);
    const month = new Date(2026, 10 - index, 1);
    const key = `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`;
    return { key, first: index * size, count: Math.min(size, total - index * size), cost: null };
  });

/**
 * An index of any number of images, newest first: their names are their numbers. `total` can grow.
 * @param ratioOf width / height × 4096 of an image, by its number
 */
export function indexOf(
  total: number,
  ratioOf = (number: number) => RATIOS[number % 4] ?? 4096,
): {
  script: ScriptedStudio;
  shape: () => Promise<Uint16Array>;
  grow(by: number): void;
  /** The index is loading, and only the newest 200 are shown, until the returned function is called. */
  preview(): () => void;
} {
  let count = total;
  let revision = 1;
  const script = scriptedStudio();
  const row = (position: number): GridImage => {
    const [width, height] = [ratioOf(count - position), 4096];
    return { ...image(count - position, { width, height }), marks: MARKS, stack: 1 };
  };
  const view = (): View => ({
    id: `view-${revision}`,
    revision,
    total: count,
    all: count,
    buckets: months(count),
    errors: [],
    byParts: false,
  });
  Object.assign(script.answers, {
    'views.ask': view,
    'views.rows': ({ from, count: rows }: { from: number; count: number }) =>
      Array.from({ length: Math.max(0, Math.min(rows, count - from)) }, (_, index) => row(from + index)),
    'views.positions': ({ imageIds }: { imageIds: string[] }) => imageIds.map((id) => count - Number(id.slice(-12))),
  });
  return {
    script,
    preview() {
      const all = { ...script.answers };
      script.answers['views.ask'] = () => ({
        refusal: { code: 'index-loading', message: 'Loading.', billing: 'none' },
      });
      script.answers['views.status'] = () => ({ ready: false, revision: 0, loaded: 1, images: count });
      script.answers['library.newest'] = () => ({
        images: Array.from({ length: 200 }, (_, position) => ({
          ...row(position),
          // Of two months.
          createdAt: new Date(2026, position < 100 ? 10 : 9, 15).getTime(),
        })),
        all: count,
      });
      return () => {
        Object.assign(script.answers, all);
        script.push({ type: 'index', status: { ready: true, revision, loaded: count, images: count } });
      };
    },
    shape: () => Promise.resolve(Uint16Array.from({ length: count }, (_, position) => ratioOf(count - position))),
    grow(by) {
      count += by;
      revision += 1;
      script.push({ type: 'index', status: { ready: true, revision, loaded: count, images: count } });
    },
  };
}

/** The cell of an image, by its number. */
export const cell = (number: number) => page.getByRole('gridcell', { name: `Image ${number},`, exact: false });
export const scroller = () => document.querySelector('[role="grid"]')?.parentElement as HTMLElement;
