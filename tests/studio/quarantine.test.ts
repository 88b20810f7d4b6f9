import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { QuarantineId } from '../../electron/contract/entities/quarantine.ts';
import { smallPng } from '../library/test-library.ts';
import { openTestStudio } from './test-studio.ts';

it('is listed, served as a download and as a small image, restored and deleted', async () => {
  const { api, studio } = await openTestStudio();
  const quarantine = join(studio.libraryFolder, 'quarantine');
  const bytes = await smallPng();
  writeFileSync(join(quarantine, 'page.html'), '<script>1</script>');
  writeFileSync(join(quarantine, 'image.png'), bytes);
  const { files, total } = await api.quarantine.list({ after: null, limit: 10 });
  expect([total, ...files.map(({ name }) => name)]).toEqual([2, 'page.html', 'image.png']);
  const [text, image] = files.map(({ id }) => id) as [QuarantineId, QuarantineId];
  const get = (path: string, method = 'GET'): Promise<Response> =>
    studio.serveImage(new Request(`http://emulsion/images/${path}`, { method }));

  const download = await get(`quarantine/${text}`);
  expect(await download.text()).toBe('<script>1</script>');
  expect(download.headers.get('content-type')).toBe('application/octet-stream');
  expect(download.headers.get('content-disposition')).toBe('attachment');
  const preview = await get(`quarantine-preview/${image}`);
  expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect((await get(`quarantine-preview/${text}`)).status).toBe(404);
  expect((await get(`quarantine/${Buffer.from('../library.db').toString('hex')}`)).status).toBe(404);
  expect((await get(`quarantine/${text}`, 'DELETE')).status).toBe(405);

  expect(await api.quarantine.restore({ id: image })).toEqual({ as: 'image' });
  await api.quarantine.remove({ id: text });
  expect(await api.quarantine.list({ after: null, limit: 10 })).toEqual({ files: [], next: null, total: 0 });
  expect((await api.library.newest({ limit: 10 })).images).toHaveLength(1);
});
