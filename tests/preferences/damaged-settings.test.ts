import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { openPreferences, Preferences, type PreferencesOptions } from '../../electron/preferences/preferences.ts';
import { Secrets } from '../../electron/preferences/secrets.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsFile } from '../../electron/preferences/settings-file.ts';
import { COMPANY_CA, TEST_CERTIFICATE } from '../fakes/certificate.ts';
import { cipherOf } from './test-cipher.ts';

/* One bad field of a settings file costs that field alone, the person hears of it, and nothing is lost for good. */

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-damaged-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (options: Partial<PreferencesOptions> = {}): Promise<Preferences> =>
  openPreferences({ folder, cipher: null, environment: {}, demo: false, ...options });
const write = (text: string, name = 'settings.json') => writeFile(join(folder, name), text);
const read = async (name = 'settings.json') => readFile(join(folder, name), 'utf8');
const stored = async () => JSON.parse(await read()) as Record<string, unknown>;

const NO_PRICES = { textIn: 1, textCached: 1, imageIn: 1, imageCached: 1, imageOut: 1, textOut: 1, perImage: null };
const price = (model: string) => ({ model, prices: NO_PRICES, date: '2026-11-01' });
const FOUND = { version: 1, at: 5, spent: false, models: ['m'], lines: [] };
const profile = (id: string) => ({
  id,
  name: `Profile ${id}`,
  baseUrl: `https://${id}.example/v1`,
  organisation: `org-${id}`,
  project: `proj-${id}`,
  server: 'relay',
  apiVersion: '2026-01-01',
  deployments: { m: 'paint', n: 'draw' },
  concurrency: 7,
  free: true,
  overrides: { streaming: false, edit: true, sing: 'later' },
  found: FOUND,
  later: id,
});
const WHOLE = {
  version: 1,
  theme: 'dark',
  profileId: 'b',
  libraryFolder: join(tmpdir(), 'images'),
  profiles: [profile('a'), profile('b')],
  mirror: { folder: join(tmpdir(), 'mirror'), images: 'copies', names: '{date}', paused: true },
  proxy: { mode: 'none' },
  monthlyCap: 25_000_000,
  prices: [price('m'), price('n')],
  certificates: { name: 'company.pem', pem: [COMPANY_CA, TEST_CERTIFICATE] },
  builtInFindings: { demo: { baseUrl: '', report: FOUND } },
  later: { of: ['a newer', 'version'] },
};
type Whole = typeof WHOLE;

/** Ten kinds of damage. `undefined`: the field is missing. */
const DAMAGES: readonly unknown[] = [
  undefined,
  null,
  'NaN',
  -1,
  1e308,
  '',
  { nested: { value: 1 } },
  [[['x']]],
  true,
  'x'.repeat(100_000),
];

/** What the page shows, by field, to compare all fields but the damaged one. */
function shownBy(preferences: Preferences) {
  const { theme, libraryFolder, mirror, monthlyCap, proxy, profileId, certificates } = preferences;
  return {
    theme,
    libraryFolder,
    mirror,
    monthlyCap,
    proxy,
    profileId,
    certificates,
    prices: preferences.prices,
    profiles: preferences.profiles(),
  };
}

/** Reads the file as a start does, without writing it again, which takes most of the time. */
async function readOnly(): Promise<{ preferences: Preferences; content: SettingsFile }> {
  const { content } = (await readSettings(folder)) ?? { content: DEFAULT_SETTINGS };
  const { secrets } = await Secrets.open(folder, null);
  const options = { folder, cipher: null, environment: {}, demo: false };
  return { preferences: new Preferences(options, content, secrets), content };
}

describe('one bad field costs that field alone', () => {
  test.each(Object.keys(WHOLE).filter((name) => name !== 'later'))('%s, in ten ways', async (name) => {
    await write(JSON.stringify(WHOLE));
    const good = shownBy((await readOnly()).preferences);
    for (const value of DAMAGES) {
      await write(JSON.stringify({ ...WHOLE, [name]: value }));
      const { preferences, content } = await readOnly();
      const { profiles, ...rest } = shownBy(preferences);
      const { profiles: goodProfiles, ...goodRest } = good;
      // A selection whose profile is gone selects nothing.
      const same = name === 'profiles' ? { profiles: 0, profileId: 0 } : { [name]: 0 };
      expect({ ...rest, ...same }).toEqual({ ...goodRest, ...same });
      if (name === 'builtInFindings') expect(profiles.slice(0, 2)).toEqual(goodProfiles.slice(0, 2));
      else if (name !== 'profiles') expect(profiles).toEqual(goodProfiles);
      expect(content).toMatchObject({ later: WHOLE.later });
    }
  });

  test.each(Object.keys(profile('a')).filter((name) => name !== 'later'))(
    'a profile’s %s, in ten ways',
    async (name) => {
      await write(JSON.stringify(WHOLE));
      const good = shownBy((await readOnly()).preferences);
      for (const value of DAMAGES) {
        await write(JSON.stringify({ ...WHOLE, profiles: [{ ...profile('a'), [name]: value }, profile('b')] }));
        const { preferences, content } = await readOnly();
        const { profiles, ...rest } = shownBy(preferences);
        const { profiles: goodProfiles, ...goodRest } = good;
        expect(rest).toEqual(goodRest);
        expect(profiles.slice(1)).toEqual(goodProfiles.slice(1));
        expect({ ...profiles[0], [name]: 0 }).toEqual({ ...goodProfiles[0], [name]: 0 });
        expect(content.profiles[0]?.later).toBe('a');
      }
    },
  );

  test('entries of lists and records are read one by one', async () => {
    const overrides = { streaming: 'perhaps', edit: true, sing: 'later' };
    const first = { ...profile('a'), deployments: { m: 7, n: 'draw' }, overrides };
    const builtInFindings = { demo: WHOLE.builtInFindings.demo, environment: 7 };
    const bad = {
      ...WHOLE,
      profiles: [first, 7, profile('b')],
      prices: [7, price('n'), { model: 'm' }],
      builtInFindings,
    };
    await write(JSON.stringify(bad));
    const preferences = await open();
    expect(preferences.prices).toEqual([price('n')]);
    expect(preferences.profiles().map(({ name }) => name)).toEqual(['Profile a', 'Profile b', 'Demo server']);
    expect(preferences.profiles()[0]).toMatchObject({ deployments: { n: 'draw' }, overrides: { edit: true } });
    expect(preferences.profiles()[2]?.found).toEqual(FOUND);
    expect(preferences.damage.map(({ field, of }) => [field, of])).toEqual([
      ['deployments', 'Profile a'],
      ['overrides', 'Profile a'],
      ['profile', null],
      ['prices', null],
      ['prices', 'm'],
      ['builtInFindings', null],
    ]);
    expect((await stored()).profiles).toMatchObject([{ overrides: { edit: true, sing: 'later' } }, {}]);
  });

  test('two profiles of one id: the second gets its own, without the first one’s key', async () => {
    await write(JSON.stringify({ ...WHOLE, profiles: [profile('a'), { ...profile('b'), id: 'a' }] }));
    const [first, second] = (await open()).profiles();
    expect(first?.id).toBe('a');
    expect(second).toMatchObject({ name: 'Profile b', baseUrl: 'https://b.example/v1' });
    expect(second?.id).not.toBe('a');
  });

  test('ids of built-in profiles aren’t taken from a file', async () => {
    await write(JSON.stringify({ ...WHOLE, profiles: ['demo', 'environment', 'proxy'].map(profile) }));
    const ids = (await open()).profiles().map(({ id }) => id as string);
    expect(new Set(ids).size).toBe(4);
    expect(ids.filter((id) => ['demo', 'environment', 'proxy'].includes(id))).toEqual(['demo']);
  });
});

describe('a damaged cap', () => {
  test.each(DAMAGES.filter((value) => value !== undefined && value !== null))(
    '%j is unknown, not off',
    async (monthlyCap) => {
      await write(JSON.stringify({ ...WHOLE, monthlyCap }));
      expect((await open()).monthlyCap).toBe('unknown');
      const again = await open();
      await again.dismissDamage();
      expect((await open()).monthlyCap).toBe('unknown');
      await again.change({ monthlyCap: 7 });
      expect(await open()).toMatchObject({ monthlyCap: 7, damage: [] });
    },
  );

  test.each(['', '{', '\0\0\0\0', '[]', 'null', '"text"'])('a file %j of which nothing is left', async (text) => {
    await write(text);
    const preferences = await open();
    expect(preferences).toMatchObject({ monthlyCap: 'unknown', theme: 'system' });
    const { copy } = preferences.damage[0]!;
    expect(copy).toMatch(/settings\.damaged-.+\.json$/u);
    expect(await readFile(copy!, 'utf8')).toBe(text);
  });
});

describe('a file with a syntax error', () => {
  const text = JSON.stringify(WHOLE, null, 2);

  test('cut off anywhere: what is whole is kept, nothing is invented, and the cap isn’t off', async () => {
    await write(text);
    const good = (await open()).profiles();
    for (let end = 1; end < text.length; end += 173) {
      await write(text.slice(0, end));
      const preferences = await open();
      expect([25_000_000, 'unknown']).toContain(preferences.monthlyCap);
      for (const { baseUrl } of preferences.profiles().slice(0, -1))
        expect([...good.map((one) => one.baseUrl), '']).toContain(baseUrl);
      expect(preferences.damage[0]?.field).toBe('settings');
    }
  });

  test.each([
    ['NaN', 'monthlyCap', 'unknown'],
    ['-Infinity', 'monthlyCap', 'unknown'],
    ['025', 'monthlyCap', 'unknown'],
    ['', 'monthlyCap', 'unknown'],
    ['25 000 000', 'monthlyCap', 'unknown'],
    ['dark', 'theme', 'system'],
    ['"dark', 'theme', 'system'],
  ])('%j for a value', async (value, field, expected) => {
    const was = field === 'theme' ? '"dark"' : '25000000';
    await write(text.replace(was, value));
    const preferences = await open();
    expect(preferences[field as 'theme']).toBe(expected);
    expect(preferences.profiles().map(({ name }) => name)).toEqual(['Profile a', 'Profile b', 'Demo server']);
  });

  test('a trailing comma or a comment costs nothing', async () => {
    await write(text.replace(/\n\}$/u, ',\n}').replace('"theme"', '// by hand\n"theme"'));
    const good = await open();
    expect(good).toMatchObject({ theme: 'dark', monthlyCap: 25_000_000 });
    expect(good.damage.map(({ field }) => field)).toEqual(['settings']);
  });
});

describe('the person hears of it', () => {
  test('until it is dismissed, across restarts; the old file is kept beside, once', async () => {
    const text = JSON.stringify({ ...WHOLE, theme: 'pink' });
    await write(text);
    await open();
    const preferences = await open();
    expect(preferences.damage).toEqual([
      { field: 'theme', of: null, profileId: null, copy: expect.any(String) as string },
    ]);
    const copies = (await readdir(folder)).filter((name) => name.includes('damaged'));
    expect(copies).toHaveLength(1);
    expect(preferences.damage[0]?.copy).toBe(join(folder, copies[0]!));
    expect(await read(copies[0])).toBe(text);
    await preferences.dismissDamage();
    expect((await open()).damage).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual([copies[0], 'settings.json'].sort());
  });

  test('a field that is set again is no longer reported', async () => {
    await write(JSON.stringify({ ...WHOLE, theme: 'pink', monthlyCap: 'x' }));
    const preferences = await open();
    await preferences.change({ theme: 'light' });
    expect(preferences.damage.map(({ field }) => field)).toEqual(['monthlyCap']);
  });

  test('a file that is damaged while Emulsion runs keeps the known value', async () => {
    await write(JSON.stringify(WHOLE));
    const preferences = await open();
    await write(JSON.stringify({ ...WHOLE, monthlyCap: 'x', profiles: 5 }));
    await preferences.change({ theme: 'light' });
    expect(preferences).toMatchObject({ theme: 'light', monthlyCap: 25_000_000 });
    expect(preferences.profiles()).toHaveLength(3);
    expect(preferences.damage.map(({ field }) => field)).toEqual(['profiles', 'monthlyCap']);
  });

  test.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)(
    'a folder that can’t be written starts too',
    async () => {
      await write(JSON.stringify({ ...WHOLE, theme: 'pink' }));
      await chmod(folder, 0o500);
      const preferences = await open().finally(() => chmod(folder, 0o700));
      expect(preferences.damage).toEqual([{ field: 'theme', of: null, profileId: null, copy: null }]);
      expect(preferences.monthlyCap).toBe(25_000_000);
    },
  );
});

test.each([
  ['organisation', 'org-x'],
  ['project', 'proj-x'],
  ['baseUrl', 'https://a.example/v1'],
])('a profile that lost its %s isn’t used until it is saved again', async (name, value) => {
  await write(JSON.stringify({ ...WHOLE, profiles: [{ ...profile('a'), [name]: 7 }, profile('b')] }));
  const preferences = await open();
  await expect(preferences.connectionOf('a' as ProfileId)).rejects.toThrow(
    /Part of the profile “Profile a” was damaged/u,
  );
  expect((await preferences.connectionOf('b' as ProfileId)).organisation).toBe('org-b');
  const draft = {
    id: 'a' as ProfileId,
    name: 'Profile a',
    baseUrl: 'https://a.example/v1',
    organisation: null,
    project: null,
  };
  await preferences.saveProfile({ ...draft, [name]: value });
  expect(await preferences.connectionOf('a' as ProfileId)).toMatchObject({ [name]: value });
  expect(preferences.damage).toEqual([]);
});

test('a damaged custom proxy isn’t replaced by a direct connection', async () => {
  await write(JSON.stringify({ ...WHOLE, proxy: { mode: 'manual', url: 7 } }));
  await expect((await open()).connectionOf('a' as ProfileId)).rejects.toMatchObject({ report: { field: 'proxy' } });
});

describe('stored keys', () => {
  const cipher = cipherOf('a');
  const KEY = 'sk-test-0123456789abcdWXYZ';

  async function withKeys(change: (keys: Record<string, unknown>) => unknown): Promise<void> {
    await write(JSON.stringify({ ...WHOLE, profiles: [profile('a'), profile('b')] } satisfies Whole));
    const preferences = await open({ cipher });
    for (const id of ['a', 'b']) await preferences.setKey(id as ProfileId, `${KEY}${id}`);
    const file = JSON.parse(await read('secrets.json')) as { keys: Record<string, unknown> };
    await write(JSON.stringify({ ...file, later: 1, keys: change(file.keys) }), 'secrets.json');
  }

  test.each(DAMAGES.slice(1))('one damaged key %j costs that key alone', async (value) => {
    await withKeys((keys) => ({ ...keys, a: value }));
    const preferences = await open({ cipher });
    expect(preferences.profiles().map(({ key }) => key)).toEqual(['none', 'encrypted', 'not-needed']);
    expect(preferences.damage).toMatchObject([{ field: 'key', of: 'Profile a', profileId: 'a' }]);
    expect(preferences.damage[0]?.copy).toMatch(/secrets\.damaged-.+\.json$/u);
    expect(JSON.parse(await read('secrets.json'))).toMatchObject({ later: 1 });
  });

  test('a file of which nothing is left is kept, and the settings stay', async () => {
    await withKeys(() => 7);
    const preferences = await open({ cipher });
    expect(preferences.damage).toMatchObject([{ field: 'keys' }]);
    expect(preferences).toMatchObject({ theme: 'dark', monthlyCap: 25_000_000 });
    await preferences.setKey('a' as ProfileId, KEY);
    expect((await (await open({ cipher })).connectionOf('a' as ProfileId)).apiKey).toBe(KEY);
  });
});
