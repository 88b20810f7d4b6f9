import { createStudioApi, type Outcome, type StudioApi } from '../../../electron/contract/api.ts';
import type { EndpointName, PayloadInput } from '../../../electron/contract/endpoints.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import {
  DEFAULT_PROFILE_FIELDS,
  type Profile,
  type ProfileCheck,
} from '../../../electron/contract/entities/profiles.ts';
import type { KnownLibrary } from '../../../electron/contract/entities/libraries.ts';
import type { Settings } from '../../../electron/contract/entities/settings.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import type { ProbeReport } from '../../../electron/contract/catalogue/servers.ts';
import { PLAIN_SETTINGS } from '../state/scripted-studio.ts';

const DEMO: Profile = {
  id: 'demo' as ProfileId,
  kind: 'demo',
  name: 'Demo server',
  baseUrl: '',
  organisation: null,
  project: null,
  key: 'not-needed',
  keyHint: null,
  ...DEFAULT_PROFILE_FIELDS,
  free: true,
};

export const HOST: HostInfo = {
  version: '0.1.0',
  imageBase: '/images',
  capabilities: { revealInFolder: false, chooseFolder: true, keepKeys: false },
  keysNote: 'Keys are kept in memory and forgotten when Emulsion ends.',
  platform: 'browser',
};

/** The far end of the transport for screens of settings: keeps profiles, and answers checks as the test says. */
export class StudioInPage {
  settings: Settings;
  /** What `profiles.check` does; may be changed while a test runs. */
  check: (profile: Profile) => ErrorReport | ProfileCheck | Promise<ErrorReport | ProfileCheck> = () => ({
    models: ['gpt-image-2.6-sunburst', 'gpt-image-1.5', 'whisper-1'],
    tookMs: 412,
  });
  /** What `profiles.probe` does; may be changed while a test runs. */
  probe: (
    spend: boolean,
    tell: (report: ProbeReport) => void,
  ) => ErrorReport | ProbeReport | Promise<ErrorReport | ProbeReport> = () => REPORT;
  readonly #listeners = new Set<(event: StudioEvent) => void>();
  /** What `profiles.setKey` says in place of keeping a key. */
  keyRefusal: ErrorReport | null = null;
  /** The same of `profiles.save` and `settings.change`. */
  saveRefusal: ErrorReport | null = null;
  changeRefusal: ErrorReport | null = null;
  /** Libraries that were open before. */
  libraries: KnownLibrary[] = [];
  readonly calls: { endpoint: EndpointName; payload: unknown }[] = [];
  readonly studio: StudioApi;
  readonly #held = new Map<EndpointName, Promise<null>>();

  constructor(profiles: Profile[] = [], profileId: ProfileId | null = null) {
    this.settings = {
      theme: 'dark',
      profileId,
      profiles: [...profiles, DEMO],
      ...PLAIN_SETTINGS,
      library: { folder: 'Images/Emulsion', images: 1, bytes: 2_400_000 },
    };
    this.studio = createStudioApi({
      call: (endpoint, payload) => this.call(endpoint, payload),
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      upload: () => Promise.reject(new Error('No file goes from here.')),
    });
  }

  async call(endpoint: EndpointName, payload: unknown): Promise<Outcome> {
    this.calls.push({ endpoint, payload });
    await this.#held.get(endpoint);
    const answer = await this.#answer(endpoint, payload);
    const failed = answer !== null && typeof answer === 'object' && 'code' in answer;
    return failed ? { error: answer as ErrorReport } : { ok: answer };
  }

  /** Keeps the answers of one endpoint back until they are released. */
  hold(endpoint: EndpointName): { release: () => void } {
    const { promise, resolve } = Promise.withResolvers<null>();
    this.#held.set(endpoint, promise);
    return { release: () => resolve(null) };
  }

  /** The payloads of all calls of one endpoint. */
  of(endpoint: EndpointName): unknown[] {
    return this.calls.filter((call) => call.endpoint === endpoint).map((call) => call.payload);
  }

  #answer(endpoint: EndpointName, payload: unknown): unknown {
    switch (endpoint) {
      case 'profiles.save':
        if (this.saveRefusal) return this.saveRefusal;
        return this.#save(payload as PayloadInput<'profiles.save'>);
      case 'profiles.setKey': {
        if (this.keyRefusal) return this.keyRefusal;
        const { profileId, key } = payload as { profileId: string; key: string };
        return this.#change(profileId, { key: 'session', keyHint: key.length > 12 ? key.slice(-4) : null });
      }
      case 'profiles.removeKey':
        return this.#change((payload as { profileId: string }).profileId, { key: 'none', keyHint: null });
      case 'profiles.remove': {
        const { profileId } = payload as { profileId: string };
        const profiles = this.settings.profiles.filter((profile) => profile.id !== profileId);
        this.settings = { ...this.settings, profiles };
        return null;
      }
      case 'profiles.check': {
        const { profileId } = payload as { profileId: string };
        const profile = this.settings.profiles.find(({ id }) => id === profileId);
        return profile ? this.check(profile) : null;
      }
      case 'profiles.probe':
        return this.#probe(payload as PayloadInput<'profiles.probe'>);
      case 'settings.change':
        if (this.changeRefusal) return this.changeRefusal;
        this.settings = { ...this.settings, ...(payload as Partial<Settings>) };
        return this.settings;
      case 'settings.trustCertificates': {
        if (this.changeRefusal) return this.changeRefusal;
        const { name } = payload as PayloadInput<'settings.trustCertificates'>;
        const row = { subject: 'Contoso CA', issuer: 'Contoso CA', validTo: NOW + 86_400_000, expired: false };
        const old = { subject: 'Old CA', issuer: 'Root', validTo: NOW - 86_400_000, expired: true };
        this.settings = { ...this.settings, certificates: { name, certificates: [row, old] } };
        return this.settings;
      }
      case 'settings.removeCertificates':
        this.settings = { ...this.settings, certificates: null };
        return this.settings;
      case 'settings.watchFolder': {
        const { folder: watchedFolder } = payload as PayloadInput<'settings.watchFolder'>;
        this.settings = { ...this.settings, watchedFolder };
        return this.settings;
      }
      case 'mirrorFolder.set': {
        if (this.changeRefusal) return this.changeRefusal;
        const { mirror } = payload as PayloadInput<'mirrorFolder.set'>;
        this.settings = { ...this.settings, mirrorFolder: mirror && { ...mirror, paused: false } };
        return this.settings;
      }
      case 'mirrorFolder.pause': {
        const { mirrorFolder } = this.settings;
        const { paused } = payload as PayloadInput<'mirrorFolder.pause'>;
        this.settings = { ...this.settings, mirrorFolder: mirrorFolder && { ...mirrorFolder, paused } };
        return this.settings;
      }
      case 'host.chooseExportFolder':
        return { folder: '/media/backup/Images' };
      case 'host.chooseImport':
        return { paths: ['/home/me/Downloads'] };
      case 'settings.dismissDamage':
        this.settings = { ...this.settings, damage: [] };
        return this.settings;
      case 'settings.dismissUnlisted': {
        const { unlisted: _, ...library } = this.settings.library;
        this.settings = { ...this.settings, library };
        return this.settings;
      }
      case 'quarantine.list':
        return { files: [], next: null, total: 0 };
      case 'runs.list':
        return [];
      case 'library.retryThumbnails':
        return { images: 12 };
      case 'host.getLog':
        return { path: '/home/me/.config/Emulsion/logs/browser.log', lines: ['first line', 'last line'] };
      case 'host.getDiagnostics':
        return { text: 'Emulsion: 0.1.0, in the browser\nLog:\nlast line' };
      case 'host.chooseLibrary':
        return { folder: '/Dropbox/Elsewhere', kind: 'empty', open: false, shared: 'dropbox' };
      case 'libraries.list':
        return this.libraries;
      default:
        return null;
    }
  }

  async #probe({ profileId, spend }: PayloadInput<'profiles.probe'>): Promise<ErrorReport | ProbeReport> {
    const id = profileId as ProfileId;
    const report = await this.probe(spend, (learnt) => {
      for (const listener of this.#listeners) listener({ type: 'probe', profileId: id, report: learnt });
    });
    if ('lines' in report) this.#change(id, { found: report });
    return report;
  }

  #save(draft: PayloadInput<'profiles.save'>): Profile | ErrorReport {
    if (draft.baseUrl === '') {
      return { code: 'profile-invalid', billing: 'none', field: 'baseUrl', message: 'A profile needs an address.' };
    }
    if (draft.id !== null) return this.#change(draft.id, draft as Partial<Profile>);
    const id = `p${this.settings.profiles.length}` as ProfileId;
    const profile = { ...DEFAULT_PROFILE_FIELDS, ...draft, id, kind: 'saved', key: 'none', keyHint: null } as Profile;
    this.settings = { ...this.settings, profiles: [profile, ...this.settings.profiles] };
    return profile;
  }

  #change(id: string, change: Partial<Profile>): Profile {
    const profiles = this.settings.profiles.map((profile) => (profile.id === id ? { ...profile, ...change } : profile));
    this.settings = { ...this.settings, profiles };
    const changed = profiles.find((profile) => profile.id === id);
    if (!changed) throw new Error(`There is no profile ${id}.`);
    return changed;
  }
}

export const OPENAI: Profile = {
  id: 'openai' as ProfileId,
  kind: 'saved',
  name: 'OpenAI, studio',
  baseUrl: 'https://api.openai.com/v1',
  organisation: null,
  project: 'proj_studio',
  key: 'session',
  keyHint: 'f3Qa',
  ...DEFAULT_PROFILE_FIELDS,
  server: 'openai',
};

/** The time of day of the tests of Settings, ms since 1970: nine days before the catalogue's next shutdown. */
export const NOW = Date.parse('2026-11-22T12:00:00Z');

/** What a probe finds that spends nothing. */
export const REPORT: ProbeReport = {
  version: 1,
  at: NOW,
  spent: false,
  models: ['gpt-image-2.6-sunburst', 'gpt-image-1.5', 'whisper-1'],
  lines: [
    { ability: 'models', finding: 'yes', why: 'It lists 3.', tookMs: 90 },
    { ability: 'create', finding: 'yes', why: "400: Missing required parameter: 'prompt'.", tookMs: 412 },
    { ability: 'edit', finding: 'yes', why: "400: Missing required parameter: 'image'.", tookMs: 380 },
    { ability: 'variation', finding: 'no', why: '404: Invalid URL', tookMs: 120 },
    {
      ability: 'imageField',
      finding: 'yes',
      value: 'counted',
      why: 'It sees an image under either name.',
      tookMs: 700,
    },
    { ability: 'requestId', finding: 'yes', why: 'x-request-id', tookMs: 0 },
    { ability: 'streaming', finding: 'unknown', why: 'Needs one test image.', tookMs: 0 },
    { ability: 'usage', finding: 'unknown', why: 'Needs one test image.', tookMs: 0 },
  ],
};

export const REFUSED: ErrorReport = {
  code: 'key-refused',
  billing: 'none',
  message: 'The server refused this key. Nothing was billed.',
  server: { status: 401, message: 'Incorrect API key provided.' },
};
