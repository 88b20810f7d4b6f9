import fs, { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { DEFAULT_PROFILE_FIELDS } from '../../electron/contract/entities/profiles.ts';
import { openPreferences, type Preferences, type PreferencesOptions } from '../../electron/preferences/preferences.ts';
import { cipherOf } from './test-cipher.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-preferences-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (options: Partial<PreferencesOptions> = {}): Promise<Preferences> =>
  openPreferences({ folder, cipher: null, environment: {}, demo: false, ...options });
const DRAFT = { id: null, name: 'Work', baseUrl: 'https://api.openai.com/v1/', organisation: null, project: null };
const KEY = 'sk-test-0123456789abcdWXYZ';
const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('settings', () => {
  test('a new folder has defaults and only the demo server', async () => {
    const preferences = await open({ folder: join(folder, 'a', 'b') });
    expect(preferences).toMatchObject({ theme: 'system', profileId: null, libraryFolder: null, damage: [] });
    expect(preferences.profiles().map(({ id, key }) => [id, key])).toEqual([['demo', 'not-needed']]);
  });

  test('changes persist after a restart', async () => {
    const first = await open();
    const { id } = await first.saveProfile({ ...DRAFT, organisation: ' org-1 ', project: '' });
    await first.change({ theme: 'dark', profileId: id });
    await first.setLibraryFolder('/images');
    const second = await open();
    expect(second).toMatchObject({ theme: 'dark', profileId: id, libraryFolder: '/images' });
    expect(second.profiles()[0]).toEqual({
      id,
      kind: 'saved',
      name: 'Work',
      baseUrl: 'https://api.openai.com/v1',
      organisation: 'org-1',
      project: null,
      key: 'none',
      keyHint: null,
      ...DEFAULT_PROFILE_FIELDS,
      server: 'openai',
    });
  });

  test('fifty concurrent changes are all stored, without temporary files', async () => {
    const preferences = await open();
    const names = Array.from({ length: 50 }, (_, index) => `Profile ${index}`);
    await Promise.all(names.map((name) => preferences.saveProfile({ ...DRAFT, name })));
    const again = await open();
    expect(again.profiles().flatMap(({ kind, name }) => (kind === 'saved' ? [name] : []))).toEqual(names);
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test('an unknown field is kept', async () => {
    const file = { version: 1, theme: 'light', profileId: null, libraryFolder: null, profiles: [], later: { a: 1 } };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(file));
    await (await open()).change({ theme: 'dark' });
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toEqual({ ...file, theme: 'dark' });
  });

  test.each(['settings.json', 'secrets.json'])('%s of a newer version is rejected and unchanged', async (name) => {
    const text = '{"version":2,"anything":true}';
    await writeFile(join(folder, name), text);
    await expect(open()).rejects.toEqual(code('unsupported-here'));
    expect(await readdir(folder)).toEqual([name]);
    expect(await readFile(join(folder, name), 'utf8')).toBe(text);
  });

  test('a folder that can’t be created is reported', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(open({ folder: join(folder, 'file', 'below') })).rejects.toEqual(code('disk-unwritable'));
  });

  test('a change that can’t be saved has no effect, and the next one is tried', async () => {
    const preferences = await open();
    await rm(folder, { recursive: true });
    await expect(preferences.change({ theme: 'dark' })).rejects.toEqual(code('disk-unwritable'));
    expect(preferences.theme).toBe('system');
    await mkdir(folder);
    await preferences.change({ theme: 'light' });
    expect(preferences.theme).toBe('light');
  });
});

describe('profiles', () => {
  const environment = { OPENAI_API_KEY: ` ${KEY}\n` };

  test('the environment’s profile is selected if no other is', async () => {
    const preferences = await open({
      environment: { ...environment, OPENAI_ORG_ID: 'org', OPENAI_PROJECT_ID: 'proj' },
    });
    expect(preferences.profileId).toBe('environment');
    expect(preferences.profiles()[0]).toEqual({
      id: 'environment',
      kind: 'environment',
      name: 'Environment',
      baseUrl: 'https://api.openai.com/v1',
      organisation: 'org',
      project: 'proj',
      key: 'environment',
      keyHint: 'WXYZ',
      ...DEFAULT_PROFILE_FIELDS,
      server: 'openai',
    });
    const connection = await preferences.connectionOf('environment' as ProfileId);
    expect(connection).toMatchObject({ kind: 'environment', apiKey: KEY, organisation: 'org', project: 'proj' });
    const { id } = await preferences.saveProfile(DRAFT);
    expect(preferences.profileId).toBe('environment');
    await preferences.change({ profileId: id });
    expect((await open({ environment })).profileId).toBe(id);
  });

  test('a key belongs to its server: another path keeps it, another host or scheme removes it', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.setKey(id, KEY);
    expect((await preferences.saveProfile({ ...DRAFT, id, baseUrl: 'https://api.openai.com/v2' })).key).toBe('session');
    expect(
      (await preferences.saveProfile({ ...DRAFT, id, baseUrl: 'https://api.openai.com.evil.example/v1' })).key,
    ).toBe('none');
    await preferences.setKey(id, KEY);
    expect((await preferences.saveProfile({ ...DRAFT, id, baseUrl: 'http://api.openai.com/v1' })).key).toBe('none');
  });

  test('an empty OPENAI_API_KEY creates no profile', async () => {
    expect((await open({ environment: { OPENAI_API_KEY: ' ' } })).profiles()).toHaveLength(1);
  });

  test.each([
    [{ OPENAI_BASE_URL: 'https://me:secret@example.com/v1' }, /OPENAI_BASE_URL/],
    [{ OPENAI_ORG_ID: 'org\r\nx-evil: 1' }, /OPENAI_ORG_ID/],
    [{ OPENAI_API_KEY: 'sk-secret key' }, /OPENAI_API_KEY/],
  ])('an invalid variable is reported on use, not at startup: %j', async (variables, sentence) => {
    const preferences = await open({ environment: { ...environment, ...variables } });
    expect(JSON.stringify(preferences.profiles())).not.toContain('secret');
    const connection = preferences.connectionOf('environment' as ProfileId);
    await expect(connection).rejects.toThrow(sentence);
    await expect(connection).rejects.not.toThrow(/secret/u);
  });

  test('--demo selects the demo server for this run only, until another is chosen', async () => {
    const preferences = await open({ environment, demo: true });
    const { id } = await preferences.saveProfile(DRAFT);
    expect(preferences.profileId).toBe('demo');
    await preferences.change({ theme: 'dark' });
    expect(preferences.profileId).toBe('demo');
    expect((await open({ environment })).profileId).toBe('environment');
    await preferences.change({ profileId: id });
    expect(preferences.profileId).toBe(id);
    expect((await open({ environment })).profileId).toBe(id);
  });

  test('a missing selected profile is replaced; the environment’s is selected again when it returns', async () => {
    await (await open({ environment })).change({ profileId: 'environment' as ProfileId });
    const without = await open();
    expect(without.profileId).toBeNull();
    // A saved profile isn't selected yet: the first run saves it before checking the key.
    await without.saveProfile(DRAFT);
    expect(without.profileId).toBeNull();
    expect((await open({ environment })).profileId).toBe('environment');
  });

  test('removing the selected profile removes its selection and key, not the others', async () => {
    const preferences = await open({ cipher: cipherOf('a') });
    const first = await preferences.saveProfile(DRAFT);
    const second = await preferences.saveProfile({ ...DRAFT, name: 'Other' });
    await preferences.setKey(first.id, KEY);
    await preferences.change({ profileId: first.id });
    await preferences.removeProfile(first.id);
    expect(preferences.profileId).toBe(second.id);
    expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual({ version: 1, keys: {} });
    await expect(preferences.connectionOf(first.id)).rejects.toEqual(code('not-found'));
  });

  test('a profile is changed in place and keeps its key', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.setKey(id, KEY);
    const saved = await preferences.saveProfile({
      ...DRAFT,
      id,
      name: 'Renamed',
      baseUrl: 'https://api.openai.com/v9',
    });
    expect(saved).toMatchObject({ id, name: 'Renamed', baseUrl: 'https://api.openai.com/v9', key: 'session' });
    expect(preferences.profiles()).toHaveLength(2);
  });

  test.each(['demo', 'environment'])('the built-in profile %s cannot be changed', async (name) => {
    const preferences = await open({ environment });
    const id = name as ProfileId;
    for (const withDiskErrors of [
      preferences.saveProfile({ ...DRAFT, id }),
      preferences.removeProfile(id),
      preferences.setKey(id, KEY),
      preferences.removeKey(id),
    ]) {
      await expect(withDiskErrors).rejects.toEqual(code('profile-invalid'));
    }
  });

  test('unknown profiles, invalid URLs and invalid header values are rejected', async () => {
    const preferences = await open();
    const id = 'nobody' as ProfileId;
    await expect(preferences.saveProfile({ ...DRAFT, id })).rejects.toEqual(code('not-found'));
    await expect(preferences.change({ profileId: id })).rejects.toEqual(code('not-found'));
    await expect(preferences.setKey(id, KEY)).rejects.toEqual(code('not-found'));
    await expect(preferences.saveProfile({ ...DRAFT, baseUrl: 'x' })).rejects.toEqual(code('profile-invalid'));
    await expect(preferences.saveProfile({ ...DRAFT, project: 'ä' })).rejects.toMatchObject({
      report: { code: 'profile-invalid', field: 'project' },
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('keys', () => {
  test('without a cipher a key is only in memory', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile(DRAFT);
    expect(await preferences.setKey(id, ` ${KEY} `)).toMatchObject({ key: 'session', keyHint: 'WXYZ' });
    expect((await preferences.connectionOf(id)).apiKey).toBe(KEY);
    expect(await readdir(folder)).toEqual(['settings.json']);
    expect((await open()).profiles()[0]).toMatchObject({ key: 'none', keyHint: null });
    expect(await preferences.removeKey(id)).toMatchObject({ key: 'none', keyHint: null });
  });

  test('with a cipher it is stored in a file readable by its owner only', async () => {
    const preferences = await open({ cipher: cipherOf('a') });
    const { id } = await preferences.saveProfile(DRAFT);
    expect(await preferences.setKey(id, KEY)).toMatchObject({ key: 'encrypted', keyHint: 'WXYZ' });
    const again = await open({ cipher: cipherOf('a') });
    expect(again.profiles()[0]).toMatchObject({ key: 'encrypted', keyHint: 'WXYZ' });
    expect((await again.connectionOf(id)).apiKey).toBe(KEY);
    if (process.platform !== 'win32') expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['another keychain', cipherOf('b')],
    ['no keychain', null],
  ])('%s can’t decrypt it, and keeps it', async (_name, other) => {
    const mine = await open({ cipher: cipherOf('a') });
    const { id } = await mine.saveProfile({ ...DRAFT, baseUrl: 'http://localhost:1/v1' });
    const neighbour = await mine.saveProfile({ ...DRAFT, name: 'Neighbour' });
    await mine.setKey(id, KEY);
    const elsewhere = await open({ cipher: other });
    expect(elsewhere.profiles()[0]).toMatchObject({ key: 'none', keyHint: null });
    await expect(elsewhere.connectionOf(id)).rejects.toEqual(code('key-missing'));
    await elsewhere.setKey(neighbour.id, `${KEY}-other`);
    await elsewhere.change({ theme: 'dark' });
    const back = await open({ cipher: cipherOf('a') });
    expect((await back.connectionOf(id)).apiKey).toBe(KEY);
  });

  test('the former key stays in use if the keychain fails', async () => {
    const cipher = cipherOf('a');
    let locked = false;
    const moody = {
      ...cipher,
      encrypt: (text: string) => (locked ? Promise.reject(new Error('locked')) : cipher.encrypt(text)),
    };
    const preferences = await open({ cipher: moody });
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.setKey(id, KEY);
    locked = true;
    await expect(preferences.setKey(id, 'sk-new-key-that-is-lost')).rejects.toEqual(code('secrets-unavailable'));
    expect((await preferences.connectionOf(id)).apiKey).toBe(KEY);
  });

  test('a missing key is reported for servers that require one, and none is sent to others', async () => {
    const preferences = await open();
    const openai = await preferences.saveProfile(DRAFT);
    const own = await preferences.saveProfile({ ...DRAFT, baseUrl: 'http://localhost:8080/v1' });
    await expect(preferences.connectionOf(openai.id)).rejects.toEqual(code('key-missing'));
    expect((await preferences.connectionOf(own.id)).apiKey).toBeNull();
  });

  test.each(['sk with space', 'sk-\nbreak', 'sk-a\r\nx-evil: 1', 'schlüssel', 'Bearer', '“”', '\u200b', '   '])(
    'the key %j is rejected without being repeated',
    async (key) => {
      const preferences = await open();
      const { id } = await preferences.saveProfile(DRAFT);
      const withDiskErrors = preferences.setKey(id, key);
      await expect(withDiskErrors).rejects.toMatchObject({ report: { code: 'profile-invalid', field: 'key' } });
      if (key.trim() !== '') await expect(withDiskErrors).rejects.not.toThrow(key);
    },
  );

  test('a short key has no hint', async () => {
    const preferences = await open();
    const { id } = await preferences.saveProfile(DRAFT);
    expect((await preferences.setKey(id, '123456789012')).keyHint).toBeNull();
    expect((await preferences.setKey(id, '1234567890123')).keyHint).toBe('0123');
  });

  test('a canary key is in no file in any encoding', async () => {
    const canary = 'sk-canary/7f+3=LmQz~0123456789';
    const preferences = await open({ cipher: cipherOf('a'), environment: { OPENAI_API_KEY: `${canary}-environment` } });
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.setKey(id, `${canary}-old`);
    await preferences.setKey(id, canary);
    await preferences.change({ profileId: id });
    await expect(preferences.setKey(id, `${canary} bad`)).rejects.toThrow();
    const bytes = Buffer.from(canary);
    const writings = [canary, bytes.toString('hex'), encodeURIComponent(canary), canary.slice(-12)];
    // Base64 depends on the position in the group of three bytes: all three offsets, without their edges.
    for (const shift of [0, 1, 2]) {
      writings.push(
        Buffer.concat([Buffer.alloc(shift), bytes])
          .toString('base64')
          .slice(4, -4),
      );
    }
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'latin1');
      for (const writing of writings)
        expect(text.toLowerCase().includes(writing.toLowerCase()), `${name}: ${writing}`).toBe(false);
      // Base64 in a file is also searched after decoding.
      for (const [run] of text.matchAll(/[A-Za-z0-9+/=_-]{16,}/gu)) {
        expect(Buffer.from(run, 'base64').toString('latin1')).not.toContain(canary.slice(0, 12));
      }
    }
    expect(JSON.stringify(preferences.profiles())).not.toContain('canary');
  });
});

describe('two hosts on one folder', () => {
  const theirs = { ...DRAFT, name: 'Theirs', baseUrl: 'http://localhost:1/v1' };

  test('neither overwrites the other’s unseen changes', async () => {
    const cipher = cipherOf('a');
    const [desktop, loopback] = [await open({ cipher }), await open()];
    const { id } = await desktop.saveProfile(DRAFT);
    await desktop.setKey(id, KEY);
    await loopback.change({ theme: 'dark' });
    const other = await loopback.saveProfile(theirs);
    await desktop.setLibraryFolder('/images');
    for (const preferences of [desktop, await open({ cipher })]) {
      expect(preferences).toMatchObject({ theme: 'dark', libraryFolder: '/images' });
      expect(preferences.profiles().map((profile) => profile.id)).toEqual([id, other.id, 'demo']);
      expect((await preferences.connectionOf(id)).apiKey).toBe(KEY);
    }
  });

  test('repeated concurrent changes lose nothing and leave no files', async () => {
    const hosts = await Promise.all([open({ cipher: cipherOf('a') }), open({ cipher: cipherOf('a') }), open()]);
    const saved = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const host = hosts[index % hosts.length]!;
        const { id } = await host.saveProfile({ ...DRAFT, name: `Profile ${index}` });
        if (index % hosts.length !== 2) await host.setKey(id, `${KEY}-${index}`);
        return id;
      }),
    );
    const after = await open({ cipher: cipherOf('a') });
    expect(
      after
        .profiles()
        .flatMap(({ kind, id }) => (kind === 'saved' ? [id] : []))
        .toSorted(),
    ).toEqual(saved.toSorted());
    expect(after.profiles().filter(({ key }) => key === 'encrypted')).toHaveLength(20);
    expect((await readdir(folder)).toSorted()).toEqual(['secrets.json', 'settings.json']);
  });

  test('a replaced or removed key is updated in the other host with its next change', async () => {
    const cipher = cipherOf('a');
    const one = await open({ cipher });
    const { id } = await one.saveProfile(DRAFT);
    await one.setKey(id, KEY);
    const other = await open({ cipher });
    await one.setKey(id, `${KEY}-new`);
    await other.change({ theme: 'dark' });
    expect((await other.connectionOf(id)).apiKey).toBe(`${KEY}-new`);
    await one.removeKey(id);
    await other.change({ theme: 'light' });
    await expect(other.connectionOf(id)).rejects.toEqual(code('key-missing'));
  });

  test('a removed profile is missing for the other’s change', async () => {
    const one = await open();
    const { id } = await one.saveProfile(DRAFT);
    const other = await open();
    await one.removeProfile(id);
    await expect(other.saveProfile({ ...DRAFT, id, name: 'Late' })).rejects.toEqual(code('not-found'));
    await expect(other.change({ profileId: id })).rejects.toEqual(code('not-found'));
  });

  test('a session key isn’t used after the other host changed the profile’s server', async () => {
    const loopback = await open();
    const { id } = await loopback.saveProfile({ ...DRAFT, baseUrl: 'http://localhost:1/v1' });
    await loopback.setKey(id, KEY);
    await (await open()).saveProfile({ ...DRAFT, id, baseUrl: 'http://localhost:2/v1' });
    await loopback.change({ theme: 'dark' });
    expect(await loopback.connectionOf(id)).toMatchObject({ baseUrl: 'http://localhost:2/v1', apiKey: null });
    expect(loopback.profiles()[0]).toMatchObject({ key: 'none', keyHint: null });
  });

  test('a key entered for the old URL isn’t used for the new one', async () => {
    const stale = await open({ cipher: cipherOf('a') });
    const { id } = await stale.saveProfile({ ...DRAFT, baseUrl: 'http://localhost:1/v1' });
    await (await open()).saveProfile({ ...DRAFT, id, baseUrl: 'http://localhost:2/v1' });
    expect(await stale.setKey(id, KEY)).toMatchObject({ baseUrl: 'http://localhost:2/v1', key: 'none' });
    expect((await stale.connectionOf(id)).apiKey).toBeNull();
  });

  test('files damaged or deleted meanwhile don’t clear the known settings', async () => {
    const preferences = await open();
    await preferences.saveProfile(DRAFT);
    await writeFile(join(folder, 'settings.json'), '{');
    await preferences.change({ theme: 'dark' });
    await rm(join(folder, 'settings.json'));
    await preferences.change({ theme: 'light' });
    expect((await open()).profiles()[0]).toMatchObject({ name: 'Work' });
    expect((await readdir(folder)).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });
});

describe('an interrupted change of the base URL', () => {
  test('doesn’t use the old key with the new URL', async () => {
    const cipher = cipherOf('a');
    const preferences = await open({ cipher });
    const { id } = await preferences.saveProfile({ ...DRAFT, baseUrl: 'http://localhost:1/v1' });
    await preferences.setKey(id, KEY);
    const secrets = await readFile(join(folder, 'secrets.json'));
    await preferences.saveProfile({ ...DRAFT, id, baseUrl: 'http://localhost:2/v1' });
    // The state after a crash between the two writes.
    await writeFile(join(folder, 'secrets.json'), secrets);
    const after = await open({ cipher });
    expect(await after.connectionOf(id)).toMatchObject({ baseUrl: 'http://localhost:2/v1', apiKey: null });
    expect(after.profiles()[0]).toMatchObject({ key: 'none', keyHint: null });
    // The next change removes it.
    await after.saveProfile({ ...DRAFT, id, baseUrl: 'http://localhost:2/v1' });
    expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual({ version: 1, keys: {} });
  });

  test('keeps URL and key if the URL can’t be stored', async () => {
    const cipher = cipherOf('a');
    const preferences = await open({ cipher });
    const { id } = await preferences.saveProfile(DRAFT);
    await preferences.setKey(id, KEY);
    const before = await readFile(join(folder, 'secrets.json'), 'utf8');
    // Simulates a full disk.
    const { rename } = fs;
    const full = vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
      if (String(to).endsWith('settings.json')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      await rename(from, to);
    });
    onTestFinished(() => full.mockRestore());
    const withDiskErrors = preferences.saveProfile({ ...DRAFT, id, baseUrl: 'http://localhost:2/v1' });
    await expect(withDiskErrors).rejects.toEqual(code('disk-full'));
    expect(await preferences.connectionOf(id)).toMatchObject({ baseUrl: 'https://api.openai.com/v1', apiKey: KEY });
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe(before);
  });
});
