import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { DEFAULT_PROFILE_FIELDS } from '../../electron/contract/entities/profiles.ts';
import type { ProbeReport } from '../../electron/contract/catalogue/servers.ts';
import { openPreferences, type Preferences, type PreferencesOptions } from '../../electron/preferences/preferences.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-preferences-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (options: Partial<PreferencesOptions> = {}): Promise<Preferences> =>
  openPreferences({ folder, cipher: null, environment: {}, demo: false, ...options });
const DRAFT = { id: null, name: 'Work', baseUrl: 'http://localhost:8080/v1', organisation: null, project: null };
const REPORT: ProbeReport = {
  version: 1,
  at: 1_795_000_000_000,
  spent: false,
  models: ['a'],
  lines: [
    { ability: 'variation', finding: 'no', why: '404', tookMs: 3 },
    { ability: 'imageField', finding: 'yes', value: 'image[]', why: 'it said so', tookMs: 3 },
  ],
};
const PRICES = {
  textIn: 5,
  textCached: null,
  imageIn: 8,
  imageCached: null,
  imageOut: 30,
  textOut: null,
  perImage: null,
};

describe('the server of a profile', () => {
  test('all fields of a draft persist and reach the connection', async () => {
    const first = await open();
    const draft = {
      ...DRAFT,
      baseUrl: 'https://emulsion.openai.azure.com',
      server: 'azure-deployments',
      apiVersion: ' 2025-04-01-preview ',
      deployments: { ' gpt-image-2 ': ' paint ', '': '' },
      concurrency: 2,
      free: true,
      overrides: { streaming: false, imageField: 'image' },
    } as const;
    const { id } = await first.saveProfile(draft);
    await first.setKey(id, 'k'.repeat(32));
    await first.keepFindings(id, 'https://emulsion.openai.azure.com', REPORT);
    const second = await open();
    expect(second.profiles()[0]).toMatchObject({
      server: 'azure-deployments',
      apiVersion: '2025-04-01-preview',
      deployments: { 'gpt-image-2': 'paint' },
      concurrency: 2,
      free: true,
      overrides: { streaming: false, imageField: 'image' },
      found: REPORT,
    });
    expect(await first.connectionOf(id)).toMatchObject({
      apiVersion: '2025-04-01-preview',
      deployments: { 'gpt-image-2': 'paint' },
      proxy: null,
      free: true,
      concurrency: 2,
      server: { kind: 'azure-deployments', auth: 'api-key', streaming: false, imageField: 'image' },
    });
  });

  test('fields missing in a draft are unchanged', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile({ ...DRAFT, server: 'litellm', concurrency: 7, free: true });
    expect(await preferences.saveProfile({ ...DRAFT, id, name: 'Renamed' })).toMatchObject({
      name: 'Renamed',
      server: 'litellm',
      concurrency: 7,
      free: true,
    });
  });

  test('a file of an earlier release opens with servers guessed from their URLs', async () => {
    const profile = (id: string, baseUrl: string) => ({ id, name: id, baseUrl, organisation: null, project: null });
    const profiles = [
      profile('a', 'https://api.openai.com/v1'),
      profile('b', 'https://emulsion.openai.azure.com/openai/v1'),
      profile('c', 'https://emulsion.cognitiveservices.azure.com'),
      profile('d', 'https://api.openai.com.evil.example/v1'),
    ];
    const file = { version: 1, theme: 'dark', profileId: 'a', libraryFolder: null, profiles };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(file));
    const preferences = await open();
    expect(preferences).toMatchObject({ damage: [], proxy: { mode: 'environment' }, monthlyCap: null, prices: [] });
    const servers = preferences.profiles().map(({ server, apiVersion }) => [server, apiVersion]);
    expect(servers).toEqual([
      ['openai', null],
      ['azure-v1', null],
      ['azure-deployments', '2025-04-01-preview'],
      ['compatible', null],
      ['compatible', null],
    ]);
    expect(preferences.profiles()[0]).toMatchObject({ ...DEFAULT_PROFILE_FIELDS, server: 'openai' });
  });

  test('an invalid field counts as missing without affecting others', async () => {
    const bad = { server: 'tomorrow', concurrency: 999, free: 'yes', overrides: { sing: true }, found: { version: 9 } };
    const profiles = [{ id: 'a', name: 'A', baseUrl: 'http://localhost/v1', organisation: 'o', project: null, ...bad }];
    const rest = {
      proxy: { mode: 'pigeon' },
      monthlyCap: -1,
      prices: [{ model: 'm', prices: PRICES, date: '2026-11-01' }, 7],
    };
    const file = { version: 1, theme: 'dark', profileId: 'a', libraryFolder: '/p', profiles, ...rest };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(file));
    const preferences = await open();
    expect(preferences).toMatchObject({ theme: 'dark', monthlyCap: 'unknown', proxy: { mode: 'environment' } });
    expect(preferences.prices.map(({ model }) => model)).toEqual(['m']);
    expect(preferences.profiles()[0]).toMatchObject({ ...DEFAULT_PROFILE_FIELDS, organisation: 'o' });
  });

  test('findings are removed when the server changes, and not stored for a former URL', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.keepFindings(id, DRAFT.baseUrl, REPORT);
    expect((await preferences.connectionOf(id)).server).toMatchObject({
      imageField: 'image[]',
      operations: ['create', 'edit'],
    });
    expect(await preferences.saveProfile({ ...DRAFT, id, name: 'Other' })).toMatchObject({ found: REPORT });
    const moved = { ...DRAFT, id, baseUrl: 'http://localhost:9/v1' };
    expect((await preferences.saveProfile(moved)).found).toBeNull();
    await preferences.keepFindings(id, DRAFT.baseUrl, REPORT);
    expect(preferences.profiles()[0]?.found).toBeNull();
    await preferences.keepFindings(id, moved.baseUrl, REPORT);
    expect((await preferences.saveProfile({ ...moved, server: 'localai' })).found).toBeNull();
  });

  test('findings of built-in profiles are stored too', async () => {
    const environment = { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'http://localhost:1/v1' };
    const preferences = await open({ environment });
    await preferences.keepFindings('environment' as ProfileId, 'http://localhost:1/v1', REPORT);
    await preferences.keepFindings('demo' as ProfileId, 'http://127.0.0.1:5/v1', REPORT);
    expect((await open({ environment })).profiles().map(({ found }) => found)).toEqual([REPORT, REPORT]);
    const elsewhere = { ...environment, OPENAI_BASE_URL: 'http://localhost:2/v1' };
    expect((await open({ environment: elsewhere })).profiles()[0]?.found).toBeNull();
  });

  test.each([
    [{ apiVersion: null }, 'apiVersion', /needs an api-version/],
    [{ apiVersion: 'a&b=c' }, 'apiVersion', /looks like/],
    [{ deployments: { m: 'a/b' } }, 'deployments', /not the name of a deployment/],
    [{ deployments: { m: '..' } }, 'deployments', /not the name of a deployment/],
    [{ deployments: { m: '' } }, 'deployments', /needs the name of its deployment/],
    [{ deployments: { '': 'paint' } }, 'deployments', /needs the name of its model/],
    [{ baseUrl: 'https://x.openai.azure.com/openai/deployments/paint' }, 'baseUrl', /Remove \/deployments/],
    [{ baseUrl: 'https://x.openai.azure.com/openai/v1' }, 'baseUrl', /v1 route/],
  ])('Azure deployments with %j are rejected', async (change, field, sentence) => {
    const draft = { ...DRAFT, baseUrl: 'https://x.openai.azure.com', server: 'azure-deployments' as const, ...change };
    const withDiskErrors = (await open()).saveProfile(draft);
    await expect(withDiskErrors).rejects.toMatchObject({ report: { code: 'profile-invalid', field } });
    await expect(withDiskErrors).rejects.toThrow(sentence);
  });

  test('the environment’s Azure URL uses Azure’s routes', async () => {
    const environment = {
      OPENAI_API_KEY: 'k',
      OPENAI_BASE_URL: 'https://x.openai.azure.com',
      OPENAI_API_VERSION: '2025-05-01',
    };
    const connection = await (await open({ environment })).connectionOf('environment' as ProfileId);
    expect(connection).toMatchObject({
      apiVersion: '2025-05-01',
      server: { auth: 'api-key', paths: 'azure-deployments' },
    });
  });
});

test('cap and prices are stored', async () => {
  const rows = [{ model: 'mine', prices: PRICES, date: '2026-11-20' }];
  await (await open()).change({ monthlyCap: 25_000_000, prices: rows });
  const after = await open();
  expect(after).toMatchObject({ monthlyCap: 25_000_000, prices: rows });
  await after.change({ monthlyCap: null });
  expect(await open()).toMatchObject({ monthlyCap: null, prices: rows });
  expect(await readFile(join(folder, 'settings.json'), 'utf8')).toContain('"monthlyCap": null');
});
