import { SvelteMap } from 'svelte/reactivity';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Profile, ProfileCheck } from '../../../electron/contract/entities/profiles.ts';
import type { Settings } from '../../../electron/contract/entities/settings.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { guessServer, type ServerKind } from '../../../electron/contract/catalogue/servers.ts';
import { currentTime } from '../../page/clock.ts';
import { toasts } from '../../shared/feedback/toasts.svelte.ts';
import {
  checkAddressPresent,
  checkProfileName,
  checkKeyCharacters,
  savedDifferently,
} from '../../state/profile-checks.ts';
import {
  addressFor,
  exampleAddress,
  apiVersionFor,
  draftOf,
  fieldsOf,
  isSameDraft,
  SHOWN_FIELDS,
  type ProfileFields,
} from './profile-fields.ts';
import { ServerProbes } from '../server/ServerProbes.svelte.ts';
import { TestImages } from '../server/test-images.ts';

/** How the last check of a profile went. */
export type Check =
  | { state: 'checking'; since: number }
  | { state: 'found'; at: number; result: ProfileCheck }
  | { state: 'failed'; at: number; error: ErrorReport };

/** The state of the Profiles section: the open profile, unsaved fields, and check results. */
export class ProfilesController {
  /** The open profile; null for a new one. */
  selected = $state<ProfileId | null>(null);
  fields = $state<ProfileFields>(fieldsOf(null));
  /** The typed key. Never filled in by the app; cleared as soon as it is saved. */
  key = $state('');
  /** The field for a new key is open. */
  replacing = $state(false);
  busy = $state(false);
  fault = $state.raw<ErrorReport | null>(null);
  readonly checks = new SvelteMap<ProfileId, Check>();
  readonly probes: ServerProbes;
  /** The profile whose removal is being confirmed. */
  removing = $state.raw<Profile | null>(null);

  readonly #studio: StudioApi;
  readonly #settings: () => Settings;
  /** Optimistic value until the settings event arrives. */
  #justSaved = $state.raw<Profile | null>(null);
  /** Incremented when another profile is opened, so that results of earlier calls don't change its fields. */
  #visit = 0;
  /** Whether the person chose the kind of server; otherwise it is derived from the address. */
  #choseServer = false;

  /** `settings` returns the current settings; `whyNotProbe` why no server can be asked. */
  constructor(studio: StudioApi, settings: () => Settings, whyNotProbe: () => string | null = () => null) {
    this.#studio = studio;
    this.probes = new ServerProbes(studio, new TestImages(() => settings().library.folder), whyNotProbe);
    this.#settings = settings;
    this.open(settings().profileId ?? this.profiles[0]?.id ?? null);
  }

  get profiles(): Profile[] {
    return this.#settings().profiles;
  }

  get defaultId(): ProfileId | null {
    return this.#settings().profileId;
  }

  get profile(): Profile | null {
    if (this.selected === null) return null;
    const known = this.profiles.find((profile) => profile.id === this.selected);
    return known ?? (this.#justSaved?.id === this.selected ? this.#justSaved : null);
  }

  get check(): Check | null {
    return this.selected === null ? null : (this.checks.get(this.selected) ?? null);
  }

  /** Whether there are unsaved changes. */
  get changed(): boolean {
    return !isSameDraft(this.fields, fieldsOf(this.profile)) || this.key !== '';
  }

  errorOf(field: string): string | null {
    return this.fault?.field === field ? this.fault.message : null;
  }

  get generalError(): ErrorReport | null {
    return this.fault && !(this.fault.field && SHOWN_FIELDS.includes(this.fault.field)) ? this.fault : null;
  }

  open(id: ProfileId | null): void {
    this.#visit += 1;
    this.selected = id;
    this.fields = fieldsOf(this.profile);
    this.#choseServer = false;
    this.key = '';
    this.replacing = false;
    this.fault = null;
  }

  /** Derives the kind of server from the typed address, unless the person chose one. */
  addressTyped(): void {
    const guess = guessServer(this.fields.baseUrl);
    const followed = this.profile === null || this.profile.server === guessServer(this.profile.baseUrl);
    if (!this.#choseServer && followed) this.#setServer(guess);
  }

  chooseServer(server: ServerKind): void {
    this.#choseServer = true;
    if (this.selected === null) this.fields.baseUrl = addressFor(server, this.fields.baseUrl);
    this.#setServer(server);
  }

  #setServer(server: ServerKind): void {
    this.fields.server = server;
    this.fields.apiVersion = apiVersionFor(server, this.fields.apiVersion);
  }

  /** Saves the fields and the typed key; probes the server of a new profile. */
  save(): Promise<void> {
    return this.#doing(async () => {
      // All of it belongs to the profile that is open now; another may be open when the responses arrive.
      const [isNew, visit, key] = [this.selected === null, this.#visit, this.key.trim()];
      const draft = draftOf(this.selected, $state.snapshot(this.fields));
      const others = this.profiles.filter(({ id }) => id !== draft.id).map(({ name }) => name);
      const wrong =
        // Without an address the default name would be reported as the error.
        (isNew ? checkAddressPresent(draft.baseUrl, exampleAddress(this.fields.server)) : null) ??
        checkProfileName(draft.name, others) ??
        checkKeyCharacters(key);
      if (wrong) throw new StudioError(wrong);
      const profile = await this.#studio.profiles.save(draft);
      // A new profile is saved with its key or not at all; otherwise a second attempt would create a second profile.
      if (isNew && key) await this.#keepKeyOrRemove(profile, key, visit);
      else this.#justSaved = profile;
      if (visit === this.#visit) {
        this.selected = profile.id;
        this.fields = fieldsOf(profile);
      }
      if (!isNew && key) await this.#keepKey(profile.id, key, visit);
      showDifference({ baseUrl: draft.baseUrl, key }, profile);
      this.probes.forget(profile.id);
      if (isNew) void this.probes.run(profile.id);
    });
  }

  /** Saves the typed key of the open profile, and nothing else. */
  keepKey(): Promise<void> {
    const [id, key, visit] = [this.selected, this.key.trim(), this.#visit];
    return this.#doing(async () => {
      const wrong = checkKeyCharacters(key);
      if (wrong) throw new StudioError(wrong);
      if (id !== null && key) await this.#keepKey(id, key, visit);
      showDifference({ baseUrl: '', key }, { baseUrl: '' });
    });
  }

  removeKey(): Promise<void> {
    const id = this.selected;
    return this.#doing(async () => {
      if (id === null) return;
      this.#justSaved = await this.#studio.profiles.removeKey({ profileId: id });
      this.checks.delete(id);
    });
  }

  makeDefault(id: ProfileId): Promise<void> {
    return this.#doing(async () => {
      await this.#studio.settings.change({ profileId: id });
    });
  }

  /** Removes the profile after confirmation. Its images stay. */
  remove(): Promise<void> {
    return this.#doing(async () => {
      const profile = this.removing;
      this.removing = null;
      if (!profile) return;
      await this.#studio.profiles.remove({ profileId: profile.id });
      if (this.#justSaved?.id === profile.id) this.#justSaved = null;
      if (this.selected === profile.id) this.open(this.profiles.find((other) => other.id !== profile.id)?.id ?? null);
    });
  }

  /** Requests the server's list of models. Free; the result is kept until the profile changes. */
  async runCheck(id: ProfileId): Promise<void> {
    if (this.checks.get(id)?.state === 'checking') return;
    const running: Check = { state: 'checking', since: currentTime() };
    this.checks.set(id, running);
    let check: Check;
    try {
      const result = await this.#studio.profiles.check({ profileId: id });
      check = { state: 'found', at: currentTime(), result };
    } catch (thrown) {
      check = { state: 'failed', at: currentTime(), error: toErrorReport(thrown) };
    }
    // Ignored if the check was stopped or the profile changed meanwhile.
    if (this.checks.get(id) === running) this.checks.set(id, check);
  }

  stopCheck(id: ProfileId): void {
    if (this.checks.get(id)?.state === 'checking') this.checks.delete(id);
  }

  async #keepKey(id: ProfileId, key: string, visit: number): Promise<void> {
    this.#justSaved = await this.#studio.profiles.setKey({ profileId: id, key });
    this.checks.delete(id);
    if (visit !== this.#visit) return;
    this.key = '';
    this.replacing = false;
  }

  async #keepKeyOrRemove(profile: Profile, key: string, visit: number): Promise<void> {
    try {
      await this.#keepKey(profile.id, key, visit);
    } catch (thrown) {
      // The failed key is the error to show; if the profile can't be removed either, it stays in the list.
      await this.#studio.profiles.remove({ profileId: profile.id }).catch(() => undefined);
      throw thrown;
    }
  }

  async #doing(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    const visit = this.#visit;
    this.busy = true;
    this.fault = null;
    try {
      await act();
    } catch (thrown) {
      const fault = toErrorReport(thrown);
      // Don't show the error below another profile's fields.
      if (visit === this.#visit) this.fault = fault;
      else toasts.show({ message: fault.message });
    } finally {
      this.busy = false;
    }
  }
}

function showDifference(...saved: Parameters<typeof savedDifferently>): void {
  const message = savedDifferently(...saved);
  if (message !== null) toasts.show({ message });
}
