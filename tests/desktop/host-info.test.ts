import { expect, test } from 'vitest';
import type { SafeStorage } from 'electron';
import { openKeyStore } from '../../electron/desktop/key-store.ts';
import { getHostInfo } from '../../electron/desktop/host-info.ts';

/** A keychain that only reports its backend. */
function keychain(backend: string, available = true): SafeStorage {
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
  } as unknown as SafeStorage;
}

test.each([
  ['basic_text', true],
  ['unknown', true],
  ['gnome_libsecret', false],
])(
  'without a real keychain on Linux (%s, available: %s) keys aren’t stored, and the page gets the reason',
  async (backend, available) => {
    const keys = await openKeyStore(keychain(backend, available), 'linux');
    expect(keys.cipher).toBeNull();
    const host = getHostInfo('1.0.0', 'linux', keys);
    expect(host.capabilities.keepKeys).toBe(false);
    expect(host.keysNote).toMatch(/^Your keys are forgotten when Emulsion quits/u);
  },
);

test('with a keychain keys are stored', async () => {
  const keys = await openKeyStore(keychain('gnome_libsecret'), 'linux');
  expect(getHostInfo('1.0.0', 'linux', keys)).toEqual({
    version: '1.0.0',
    imageBase: '/images',
    capabilities: { revealInFolder: true, chooseFolder: true, keepKeys: true },
    keysNote: null,
    platform: 'linux',
  });
});

test('macOS and Windows always have a keychain, which isn’t accessed at startup', async () => {
  const silent = new Proxy({}, { get: () => expect.fail('asked') }) as SafeStorage;
  expect(getHostInfo('1', 'darwin', await openKeyStore(silent, 'darwin'))).toMatchObject({
    platform: 'mac',
    keysNote: null,
  });
  expect(getHostInfo('1', 'win32', await openKeyStore(silent, 'win32'))).toMatchObject({ platform: 'windows' });
});
