import type * as fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, describe, expect, test, vi } from 'vitest';
import type { Outcome } from '../../electron/contract/api.ts';
import { createPageHandler } from '../../electron/desktop/page/protocol.ts';
import { builtPage } from '../../electron/desktop/page/static-files.ts';
import { readPages } from '../../electron/loopback/page-files.ts';
import { startLoopbackServer } from '../../electron/loopback/server.ts';
import { loadOrCreateTokens } from '../../electron/loopback/tokens.ts';
import { smallPng } from '../library/test-library.ts';
import { writePage } from '../loopback/small-page.ts';
import { emptyFolder, openTestStudio, uploadRequest, type TestStudio } from './test-studio.ts';

/** Error code for opening a file of the library, by a part of its path; empty: no failure. */
const failing = vi.hoisted(() => ({ code: '', path: '' }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fsPromises>();
  const open: typeof real.open = (path, ...rest) => {
    if (failing.code === '' || !String(path).includes(failing.path)) return real.open(path, ...rest);
    return Promise.reject(Object.assign(new Error(`${failing.code}: open '${String(path)}'`), { code: failing.code }));
  };
  return { ...real, default: { ...real, open }, open };
});

async function fail(code: string, path: string): Promise<void> {
  Object.assign(failing, { code, path });
  onTestFinished(() => void Object.assign(failing, { code: '', path: '' }));
}

async function withInput(): Promise<TestStudio & { sha256: string }> {
  const test = await openTestStudio();
  const upload = uploadRequest(new Blob([new Uint8Array(await smallPng())]), 'small.png');
  const outcome = (await (await test.studio.receiveInput(upload)).json()) as Outcome;
  if (!('ok' in outcome)) throw new Error('The upload failed.');
  return { ...test, sha256: (outcome.ok as { sha256: string }).sha256 };
}

/** Status of an image's URL on each host. */
async function statusOnBothHosts({ studio, folder }: TestStudio, path: string): Promise<number[]> {
  const folderOfPage = await writePage(join(folder, 'page'));
  const desktop = createPageHandler({ page: await builtPage(folderOfPage), ...studio });
  const tokens = await loadOrCreateTokens(await emptyFolder());
  const server = await startLoopbackServer({
    studio,
    tokens,
    pages: await readPages(folderOfPage),
    port: 0,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const onDesktop = await desktop(new Request(`app://emulsion/images/${path}`));
  const onLoopback = await fetch(`http://127.0.0.1:${server.port}/images/${tokens.images}/${path}`);
  return [onDesktop.status, onLoopback.status];
}

describe('an image whose file cannot be opened', () => {
  test.each(['EMFILE', 'EACCES', 'EIO'])('%s is logged and returned as 500 on both hosts', async (code) => {
    const studio = await withInput();
    await fail(code, 'originals');
    expect(await statusOnBothHosts(studio, `input/${studio.sha256}`)).toEqual([500, 500]);
    const lines = studio.log.filter((line) => line.includes(code));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^An image file could not be opened: Error: /u);
  });

  test('a file that does not exist is 404 and is not logged', async () => {
    const studio = await withInput();
    await fail('ENOENT', 'originals');
    expect(await statusOnBothHosts(studio, `input/${studio.sha256}`)).toEqual([404, 404]);
    expect(studio.log).toEqual([]);
  });

  test('a thumbnail that cannot be opened is logged, and the original is shown instead', async () => {
    const studio = await withInput();
    await fail('EACCES', 'thumbnails');
    expect(await statusOnBothHosts(studio, `input-thumbnail/${studio.sha256}`)).toEqual([200, 200]);
    expect(studio.log.filter((line) => line.includes('EACCES'))).toHaveLength(2);
  });
});
