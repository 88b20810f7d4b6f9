import type { StudioApi } from '../../electron/contract/api.ts';
import type { ImageId, PictureRecord } from '../../electron/contract/entities.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors.ts';
import { compareRows } from './compare-rows.ts';

/** The two ways to look at two pictures. */
export const COMPARE_WAYS = ['beside', 'slider'] as const;
export type CompareWay = (typeof COMPARE_WAYS)[number];

const LARGEST = 16;
const STEP = 1.25;

/** Two pictures and one look at both: what is near the middle of one is near the middle of the other. */
export class CompareController {
  first = $state.raw<PictureRecord | null>(null);
  second = $state.raw<PictureRecord | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  way = $state<CompareWay>('beside');
  /** Where the slider's line stands, from 0 at the left to 100. */
  split = $state(50);
  /** 1: fitted into its place. */
  scale = $state(1);
  /** The point in the middle of the view, as a share of the picture's width and height. */
  centre = $state({ x: 0.5, y: 0.5 });
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  readonly rows = $derived.by(() =>
    this.first === null || this.second === null ? [] : compareRows(this.first, this.second),
  );

  /** Loads both records; the answer for a pair that was left meanwhile is thrown away. */
  async show(first: ImageId, second: ImageId): Promise<void> {
    this.#wanted = `${first} ${second}`;
    this.error = null;
    try {
      const [one, other] = await Promise.all([
        this.#studio.library.picture({ imageId: first }),
        this.#studio.library.picture({ imageId: second }),
      ]);
      if (this.#wanted !== `${first} ${second}`) return;
      [this.first, this.second] = [one, other];
      this.fit();
    } catch (thrown) {
      if (this.#wanted === `${first} ${second}`) this.error = toErrorReport(thrown);
    }
  }
  #wanted = '';

  fit(): void {
    this.scale = 1;
    this.centre = { x: 0.5, y: 0.5 };
  }

  /** One step in or out, about a point given as a share of the picture. */
  zoom(direction: 1 | -1, about: { x: number; y: number } = this.centre): void {
    const next = Math.min(LARGEST, Math.max(1, this.scale * (direction > 0 ? STEP : 1 / STEP)));
    const kept = this.scale / next;
    this.scale = next;
    this.#moveTo(about.x + (this.centre.x - about.x) * kept, about.y + (this.centre.y - about.y) * kept);
  }

  /** Moves the view by shares of the picture. */
  pan(x: number, y: number): void {
    this.#moveTo(this.centre.x + x, this.centre.y + y);
  }

  /** The picture never leaves its place. */
  #moveTo(x: number, y: number): void {
    const room = 0.5 - 0.5 / this.scale;
    const within = (share: number): number => Math.min(0.5 + room, Math.max(0.5 - room, share));
    this.centre = { x: within(x), y: within(y) };
  }
}
