import { SvelteMap } from 'svelte/reactivity';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { ProbeReport } from '../../../electron/contract/catalogue/servers.ts';
import { currentTime } from '../../page/clock.ts';
import type { TestImages } from './test-images.ts';

/** State of a running or failed probe. */
export type ProbeState =
  | { state: 'asking'; since: number; spend: boolean; report: ProbeReport | null }
  | { state: 'failed'; at: number; error: ErrorReport };

/** Running and failed probes. Findings are stored with their profile. */
export class ServerProbes {
  readonly #studio: StudioApi;
  readonly #states = new SvelteMap<ProfileId, ProbeState>();
  readonly #images: TestImages;
  readonly #whyNot: () => string | null;

  constructor(studio: StudioApi, images: TestImages, whyNot: () => string | null = () => null) {
    this.#studio = studio;
    this.#images = images;
    this.#whyNot = whyNot;
  }

  /** Why no server can be asked, as a sentence for controls; null if one can. Nothing is asked then. */
  get whyNot(): string | null {
    return this.#whyNot();
  }

  /** Collects findings as they arrive. Returns a function that stops. */
  listen(): () => void {
    return this.#studio.subscribe((event) => {
      if (event.type !== 'probe') return;
      const state = this.#states.get(event.profileId);
      if (state?.state === 'asking') this.#states.set(event.profileId, { ...state, report: event.report });
    });
  }

  stateOf(id: ProfileId): ProbeState | null {
    return this.#states.get(id) ?? null;
  }

  /** The findings so far: of the running probe, otherwise those stored with the profile. */
  reportOf(profile: Profile): ProbeReport | null {
    const state = this.#states.get(profile.id);
    return state?.state === 'asking' ? state.report : profile.found;
  }

  /** Starts a probe. `spend` allows one image, which may be billed; `overCap` allows it beyond the monthly cap. Both need the person's consent. */
  async run(id: ProfileId, { spend = false, overCap = false } = {}): Promise<void> {
    if (this.whyNot !== null || this.#states.get(id)?.state === 'asking') return;
    this.#states.set(id, { state: 'asking', since: currentTime(), spend, report: null });
    const image = spend ? this.#images.begin(id) : null;
    try {
      await this.#studio.profiles.probe({ profileId: id, spend, overCap, ...(image && { imageJobId: image.id }) });
      this.#states.delete(id);
      if (image) this.#images.settle(image.id);
    } catch (thrown) {
      // A lost answer: the next click asks for the same image. A refusal says nothing about an earlier call.
      const isKnown = thrown instanceof StudioError && thrown.code !== 'host-lost' && thrown.code !== 'internal';
      if (image && isKnown && !image.asked) this.#images.settle(image.id);
      this.#states.set(id, { state: 'failed', at: currentTime(), error: toErrorReport(thrown) });
    }
  }

  /** Forgets the state of a changed profile. */
  forget(id: ProfileId): void {
    if (this.#states.get(id)?.state === 'failed') this.#states.delete(id);
  }
}
