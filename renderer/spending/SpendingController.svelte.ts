import type { StudioApi } from '../../electron/contract/api.ts';
import type { SettingsChange } from '../../electron/contract/entities/settings.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { Spending, SpendingCursor } from '../../electron/contract/entities/spending.ts';
import { attempt } from '../state/attempt.ts';
import { currentTime } from '../page/clock.ts';
import { CSV_HEAD, toCsv } from './csv.ts';
import { adjacentPeriod, periodAt, type Period, type Scale } from './periods.ts';

const PAGE_SIZE = 500;

/** The shown period and its spending. */
export class SpendingController {
  period = $state.raw<Period>(periodAt('day', currentTime()));
  /** Null until loaded. While another period loads, the previous one stays. */
  spending = $state.raw<Spending | null>(null);
  /** The period of `spending`. */
  shown = $state.raw<Period>(this.period);
  now = $state(currentTime());
  fault = $state.raw<ErrorReport | null>(null);
  /** Lines written so far; null while no export runs. */
  exporting = $state<number | null>(null);
  readonly #studio: StudioApi;
  #reading: Promise<void> | null = null;
  #stale = false;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  get hasNext(): boolean {
    return this.period.span.to <= this.now;
  }

  /** Switches to another scale, keeping the end of the shown period, but never to a future period. */
  rescale(scale: Scale): void {
    this.#show(periodAt(scale, Math.min(this.period.span.to - 1, currentTime())));
  }

  step(direction: -1 | 1): void {
    if (direction === 1 && !this.hasNext) return;
    this.#show(adjacentPeriod(this.period, direction));
  }

  #show(period: Period): void {
    this.period = period;
    void this.refresh();
  }

  /** Loads the period's spending; a call during a load triggers one more. Errors are stored in `fault`. */
  refresh(): Promise<void> {
    this.#stale = true;
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const { period } = this;
      this.fault = await attempt(async () => {
        const steps = period.steps.map(({ from }) => from);
        const spending = await this.#studio.spending.get({ span: period.span, steps });
        this.now = currentTime();
        this.spending = spending;
        this.shown = period;
      });
    }
  }

  /** Changes the cap or the price table. @returns what went wrong, or null */
  change(change: Pick<SettingsChange, 'monthlyCap' | 'prices'>): Promise<ErrorReport | null> {
    return attempt(() => this.#studio.settings.change(change));
  }

  /**
   * All lines of the period as a CSV file (UTF-8 without a byte order mark), read page by page.
   * @throws StudioError what `spending.lines` throws
   */
  async exportLines(): Promise<Blob> {
    const parts = [CSV_HEAD];
    const { span } = this.shown;
    this.exporting = 0;
    try {
      let after: SpendingCursor | null = null;
      do {
        const { lines, next } = await this.#studio.spending.lines({ span, after, limit: PAGE_SIZE });
        parts.push(toCsv(lines));
        this.exporting += lines.length;
        after = next;
      } while (after);
      return new Blob(parts, { type: 'text/csv;charset=utf-8' });
    } finally {
      this.exporting = null;
    }
  }
}
