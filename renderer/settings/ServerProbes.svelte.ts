import { SvelteMap } from 'svelte/reactivity';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Profile } from '../../electron/contract/entities/profiles.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { ProbeReport } from '../../electron/contract/catalogue/servers.ts';
import { currentTime } from '../clock.ts';

/** How the probe of a profile stands, where it is not simply done. */
export type ProbeState =
  | { state: 'asking'; since: number; spend: boolean; report: ProbeReport | null }
  | { state: 'failed'; at: number; error: ErrorReport };

/** Probes under way and those that failed. What a probe found is with its profile. */
export class ServerProbes {
  readonly #studio: StudioApi;
  readonly #states = new SvelteMap<ProfileId, ProbeState>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Takes the lines in as they are learnt, until the returned function is called. */
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

  /** What is known by now: the lines of the probe under way, else what is kept with the profile. */
  reportOf(profile: Profile): ProbeReport | null {
    const state = this.#states.get(profile.id);
    return state?.state === 'asking' ? state.report : profile.found;
  }

  /** `spend`: one image may be made, and billed; `overCap`: also beyond the month's cap. The person has said so. */
  async run(id: ProfileId, { spend = false, overCap = false } = {}): Promise<void> {
    if (this.#states.get(id)?.state === 'asking') return;
    this.#states.set(id, { state: 'asking', since: currentTime(), spend, report: null });
    try {
      await this.#studio.profiles.probe({ profileId: id, spend, overCap });
      this.#states.delete(id);
    } catch (thrown) {
      this.#states.set(id, { state: 'failed', at: currentTime(), error: toErrorReport(thrown) });
    }
  }

  /** What was said of a profile that has changed holds no more. */
  forget(id: ProfileId): void {
    if (this.#states.get(id)?.state === 'failed') this.#states.delete(id);
  }
}
