import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { Selection } from '../../electron/contract/entities/views.ts';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import type { Rebuilt } from '../../electron/library/rebuild/rebuild-library.ts';
import { canRebuild, rebuiltSentence } from '../../electron/studio/handlers/rebuild-texts.ts';
import { asked, createRequest, demoServer, emptyFolder, openTestStudio, until, whenIndexed } from './test-studio.ts';

it('a library whose database is gone is rebuilt when the person asks for it, and goes on', async () => {
  const { baseUrl } = await demoServer();
  const home = await emptyFolder();
  const first = await openTestStudio({ folder: home, baseUrl });
  const job = asked(createRequest('a fox in snow'));
  await first.api.jobs.create(job);
  await first.ended(job.id);
  const { images } = await first.api.library.newest({ limit: 5 });
  const [image] = images;
  if (!image) throw new Error('An image.');
  await whenIndexed(first.api);
  const selection: Selection = { kind: 'images', imageIds: [image.id] };
  await first.api.changes.apply({ id: uuid(), selection, edit: { kind: 'rate', rating: 4 } });
  await first.api.changes.apply({
    id: uuid(),
    selection,
    edit: { kind: 'tag', add: ['client/acme'], remove: [] },
  });
  const before = await first.api.library.image({ imageId: image.id });
  await first.studio.close();

  for (const end of ['', '-wal', '-shm']) rmSync(join(home, 'library', `library.db${end}`), { force: true });
  const refused: unknown = await openTestStudio({ folder: home }).catch((error: unknown) => error);
  if (!(refused instanceof StudioError)) throw refused;
  expect(canRebuild(refused.report)).toBe(true);

  const reports: Rebuilt[] = [];
  const signal = new AbortController().signal;
  const rebuild = { signal, progress: () => undefined, rebuilt: (report: Rebuilt) => void reports.push(report) };
  const { api } = await openTestStudio({ folder: home, baseUrl, rebuild });
  expect(await api.library.image({ imageId: image.id })).toEqual(before);
  expect(reports.map(rebuiltSentence)).toEqual(['1 image and 1 request were restored from the library’s records.']);
  const again = asked(createRequest('a second fox'));
  await api.jobs.create(again);
  await until(async () => (await api.library.newest({ limit: 5 })).all === 2);
});

it('an open library is closed, rebuilt and opened again; the page is told what came back', async () => {
  const { baseUrl } = await demoServer();
  const { api, ended, folder } = await openTestStudio({ baseUrl });
  const job = asked(createRequest('a fox in snow'));
  await api.jobs.create(job);
  await ended(job.id);
  const { images } = await api.library.newest({ limit: 5 });
  const opened: unknown[] = [];
  api.subscribe((event) => {
    if (event.type === 'library-opened') opened.push(event);
  });

  await api.libraries.rebuild({ runId: uuid() });

  const kept = readdirSync(join(folder, 'library')).filter((name) => /^library-before-.+\.db$/u.test(name));
  expect(kept).toHaveLength(1);
  expect(opened).toEqual([
    {
      type: 'library-opened',
      folder: join(folder, 'library'),
      said: `1 image and 1 request were restored from the library’s records. The old database is kept as ${kept[0] ?? ''}.`,
    },
  ]);
  expect((await api.library.newest({ limit: 5 })).images.map(({ id }) => id)).toEqual(images.map(({ id }) => id));
});
