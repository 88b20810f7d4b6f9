import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { openPreferences, type Preferences, type PreferencesOptions } from '../../electron/preferences/preferences.ts';
import { cipherOf } from './test-cipher.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-preferences-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (options: Partial<PreferencesOptions> = {}): Promise<Preferences> =>
  openPreferences({ folder, cipher: null, environment: {}, demo: false, ...options });
const PASSWORD = 'canary-p%40ss-9d2f71';

/** The proxy of requests to a base URL. */
async function proxyFor(baseUrl: string, preferences: Preferences): Promise<string | null> {
  const draft = { id: null, name: baseUrl, baseUrl, organisation: null, project: null };
  const { id } = await preferences.saveProfile(draft);
  await preferences.setKey(id, 'k'.repeat(20));
  return (await preferences.connectionOf(id)).proxy;
}

describe('proxy from the environment', () => {
  const upper = { HTTPS_PROXY: 'http://up.example:1', HTTP_PROXY: 'http://plain.example:2' };
  test.each([
    ['https://api.openai.com/v1', upper, 'http://up.example:1'],
    ['http://server.example/v1', upper, 'http://plain.example:2'],
    ['https://api.openai.com/v1', { https_proxy: 'http://low.example:3', ...upper }, 'http://low.example:3'],
    ['https://api.openai.com/v1', { ALL_PROXY: 'all.example:4' }, 'http://all.example:4'],
    ['http://server.example/v1', { all_proxy: 'https://all.example' }, 'https://all.example'],
    ['https://api.openai.com/v1', { HTTP_PROXY: 'http://plain.example:2' }, null],
    ['https://api.openai.com/v1', { HTTPS_PROXY: ' ' }, null],
    [
      'https://api.openai.com/v1',
      { HTTPS_PROXY: `http://me:${PASSWORD}@up.example` },
      `http://me:${PASSWORD}@up.example`,
    ],
  ])('%s with %j uses %s', async (address, environment, proxy) => {
    expect(await proxyFor(address, await open({ environment }))).toBe(proxy);
  });

  test.each([
    ['https://api.openai.com/v1', '*'],
    ['https://api.openai.com/v1', 'other.example,api.openai.com'],
    ['https://api.openai.com/v1', 'other.example .openai.com'],
    ['https://api.openai.com/v1', 'openai.com'],
    ['https://api.openai.com/v1', '*.OpenAI.com'],
    ['https://api.openai.com/v1', 'api.openai.com:443'],
    ['http://10.1.2.3/v1', '10.0.0.0/8'],
    ['http://10.1.2.3:8080/v1', '10.1.2.3:8080'],
    ['http://[fd00::1]/v1', 'fd00::/8'],
    ['http://[fd00::1]:8080/v1', '[fd00::1]'],
  ])('NO_PROXY excludes %s with %s', async (address, list) => {
    for (const NAME of ['NO_PROXY', 'no_proxy'])
      expect(
        await proxyFor(address, await open({ environment: { ALL_PROXY: 'http://p.example:1', [NAME]: list } })),
      ).toBeNull();
  });

  test.each([
    ['https://api.openai.com/v1', 'notopenai.com'],
    ['https://notopenai.com/v1', 'openai.com'],
    ['https://api.openai.com/v1', 'api.openai.com:8443'],
    ['http://11.1.2.3/v1', '10.0.0.0/8'],
    ['http://10.1.2.3/v1', '1.2.3'],
    ['https://api.openai.com/v1', ''],
  ])('NO_PROXY doesn’t exclude %s with %s', async (address, list) => {
    const environment = { ALL_PROXY: 'http://p.example:1', NO_PROXY: list };
    expect(await proxyFor(address, await open({ environment }))).toBe('http://p.example:1');
  });

  test('an invalid proxy is reported on use, without its password and without a direct connection', async () => {
    const preferences = await open({ environment: { HTTPS_PROXY: `socks5://me:${PASSWORD}@up.example` } });
    const rejection = proxyFor('https://api.openai.com/v1', preferences);
    await expect(rejection).rejects.toThrow(
      /HTTPS_PROXY can’t be used\. SOCKS proxies aren’t supported.*Nothing was sent/u,
    );
    await expect(rejection).rejects.not.toThrow(/canary/u);
    expect(preferences.environmentProxy).toBe('HTTPS_PROXY, which cannot be used');
  });

  test('is shown without its password', async () => {
    const preferences = await open({ environment: { https_proxy: `http://me:${PASSWORD}@up.example:3128` } });
    expect(preferences.environmentProxy).toBe('http://me:••••••••@up.example:3128');
    expect((await open()).environmentProxy).toBeNull();
  });
});

describe('proxy from the settings', () => {
  const environment = { ALL_PROXY: 'http://environment.example:1' };
  test.each([['none'], ['manual']] as const)('%s takes precedence over the environment', async (mode) => {
    const preferences = await open({ environment });
    await preferences.change({ proxy: mode === 'none' ? { mode } : { mode, url: 'proxy.example:3128/' } });
    const proxy = await proxyFor('https://api.openai.com/v1', preferences);
    expect(proxy).toBe(mode === 'none' ? null : 'http://proxy.example:3128');
  });

  test.each(['http://localhost:8080/v1', 'http://127.9.9.9/v1', 'http://[::1]:8080/v1', 'https://app.localhost/v1'])(
    '%s never uses a proxy',
    async (address) => {
      const preferences = await open({ environment });
      expect(await proxyFor(address, preferences)).toBeNull();
      await preferences.change({ proxy: { mode: 'manual', url: 'http://proxy.example:3128' } });
      expect(await proxyFor(address, preferences)).toBeNull();
    },
  );

  test('the password is used, never shown, never stored in plain text, and kept by its mask', async () => {
    const cipher = cipherOf('a');
    const preferences = await open({ cipher });
    await preferences.change({ proxy: { mode: 'manual', url: `http://me:${PASSWORD}@proxy.example:3128` } });
    const masked = { mode: 'manual', url: 'http://me:••••••••@proxy.example:3128' } as const;
    expect(preferences.proxy).toEqual(masked);
    await preferences.change({ proxy: masked });
    const after = await open({ cipher });
    expect(after.proxy).toEqual(masked);
    const address = `http://me:${PASSWORD}@proxy.example:3128`;
    expect(await proxyFor('https://api.openai.com/v1', after)).toBe(address);
    for (const name of await readdir(folder))
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('canary');
    await after.change({ proxy: { mode: 'none' } });
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain('"proxy"');
  });

  test.each(['pa$&ss', 'pa$$ss', "pa$'ss", 'pa$`ss'])('the password %s is used unchanged', async (password) => {
    const typed = new URL(`http://me:${password}@proxy.example:3128`).password;
    const url = `http://me:${password}@proxy.example:3128`;
    const used = `http://me:${typed}@proxy.example:3128`;
    const preferences = await open({ environment: { ALL_PROXY: url } });
    expect(await proxyFor('https://api.openai.com/v1', preferences)).toBe(used);
    await preferences.change({ proxy: { mode: 'manual', url } });
    expect(await proxyFor('https://api.openai.com/v1', preferences)).toBe(used);
  });

  test('the password isn’t used for another proxy or user', async () => {
    const preferences = await open();
    await preferences.change({ proxy: { mode: 'manual', url: `http://me:${PASSWORD}@proxy.example:3128` } });
    for (const url of ['http://me:••••••••@evil.example:3128', 'http://you:••••••••@proxy.example:3128']) {
      const rejection = preferences.change({ proxy: { mode: 'manual', url } });
      await expect(rejection).rejects.toMatchObject({ report: { code: 'profile-invalid', field: 'proxy' } });
    }
    await preferences.change({ proxy: { mode: 'manual', url: 'http://me@proxy.example:3128' } });
    expect(await proxyFor('https://api.openai.com/v1', preferences)).toBe('http://me@proxy.example:3128');
  });

  test('without a keychain the password is kept until the program ends', async () => {
    const url = `http://me:${PASSWORD}@proxy.example:3128`;
    await (await open()).change({ proxy: { mode: 'manual', url } });
    expect((await open()).proxy).toEqual({ mode: 'manual', url: 'http://me@proxy.example:3128' });
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).not.toContain('canary');
  });

  test.each([
    ['', /Enter the proxy’s address/],
    ['http://', /isn’t a valid proxy address/],
    [`socks5://me:${PASSWORD}@proxy.example`, /SOCKS proxies aren’t supported/],
    [`ftp://me:${PASSWORD}@proxy.example`, /begin with http/],
    [`http://me:${PASSWORD}@proxy.example/path`, /ends with its port/],
    ['http://me:100%@proxy.example', /%25/],
    ['http://proxy .example', /space/],
  ])('%s is rejected without being repeated', async (url, sentence) => {
    const rejection = (await open()).change({ proxy: { mode: 'manual', url } });
    await expect(rejection).rejects.toMatchObject({ report: { code: 'profile-invalid', field: 'proxy' } });
    await expect(rejection).rejects.toThrow(sentence);
    await expect(rejection).rejects.not.toThrow(/canary/u);
  });

  test('a password in a hand-edited file is used and not shown; an invalid address isn’t used', async () => {
    await (await open()).change({ proxy: { mode: 'manual', url: 'http://me@proxy.example:3128' } });
    const path = join(folder, 'settings.json');
    const write = async (url: string): Promise<void> =>
      writeFile(path, (await readFile(path, 'utf8')).replace(/"url": "[^"]*"/u, `"url": "${url}"`));
    const address = `http://me:${PASSWORD}@proxy.example:3128`;
    await write(address);
    const preferences = await open();
    expect(preferences.proxy).toEqual({ mode: 'manual', url: 'http://me:••••••••@proxy.example:3128' });
    expect(await proxyFor('https://api.openai.com/v1', preferences)).toBe(address);
    await write(`me:${PASSWORD}@a proxy`);
    const wrong = await open();
    expect(wrong.proxy).toEqual({ mode: 'manual', url: '' });
    const rejection = proxyFor('https://api.openai.com/v1', wrong);
    await expect(rejection).rejects.toMatchObject({ report: { code: 'profile-invalid', field: 'proxy' } });
    await expect(rejection).rejects.not.toThrow(/canary/u);
  });

  test('the demo server never uses a proxy', async () => {
    expect((await (await open({ environment })).connectionOf('demo' as ProfileId)).proxy).toBeNull();
  });
});
