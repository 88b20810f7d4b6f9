import { expect, it } from 'vitest';
import { readFamily } from '../../../electron/library/family/family.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { listRecentJobs } from '../../../electron/library/jobs/recent-jobs.ts';
import { ALL_IMAGES } from '../../all-images.ts';
import { importedImage } from '../imported-image.ts';
import { savedImage, testLibrary } from '../test-library.ts';
import { askLibrary } from './ask-library.ts';

it('imported images are listed and found like all others', async () => {
  const library = await testLibrary();
  const generated = await savedImage(library, { prompt: 'a fox in snow' });
  const photo = await importedImage(library, { prompt: 'a fox at dusk', model: 'sd_xl', fileName: 'kitsune 7.png' });
  const bare = await importedImage(library, { fileName: 'holiday.jpg' });
  const { find } = askLibrary(library);
  const ids = (query: string): string[] => find(query).map(({ id }) => id);
  expect(ids('')).toEqual([bare.id, photo.id, generated.id]);
  expect(ids('fox')).toEqual([photo.id, generated.id]);
  expect(ids('kitsune')).toEqual([photo.id]);
  expect(ids('is:imported')).toEqual([bare.id, photo.id]);
  expect(ids('-is:imported')).toEqual([generated.id]);
  expect(ids('source:imported')).toEqual([bare.id, photo.id]);
  expect(ids('source:generated')).toEqual([generated.id]);
  expect(ids('source:imported,generated')).toHaveLength(3);
  expect(ids('source:comfyui')).toEqual([bare.id, photo.id]);
  expect(ids('-source:ComfyUI')).toEqual([generated.id]);
  expect(ids('source:comfyui,generated')).toHaveLength(3);
  expect(ids('source:a1111')).toEqual([]);
  expect(ids('model:sd_xl')).toEqual([photo.id]);
  expect(ids('op:create')).toEqual([generated.id]);
  expect(find('holiday')[0]).toMatchObject({ prompt: '', model: '', jobId: null, generationId: null });
  expect(readNewestImages(library.db, { limit: 5 }).images.map(({ id }) => id)).toEqual([
    bare.id,
    photo.id,
    generated.id,
  ]);
  expect(listRecentJobs(library.db, { limit: 5 }).map(({ images }) => images.length)).toEqual([1]);
});

it('signed images are found once they were looked at', async () => {
  const library = await testLibrary();
  const signed = await savedImage(library);
  await savedImage(library);
  const { find } = askLibrary(library);
  expect(find('is:signed')).toEqual([]);
  library.db.prepare('UPDATE images SET signed = 1 WHERE id = ?').run(signed.id);
  expect(
    askLibrary(library)
      .find('is:signed')
      .map(({ id }) => id),
  ).toEqual([signed.id]);
  expect(readImage(library.db, signed.id)).toMatchObject({ signed: true, imported: null });
});

it('each imported image is a stack of its own', async () => {
  const library = await testLibrary();
  const one = await importedImage(library);
  const other = await importedImage(library);
  const generated = await savedImage(library);
  const { core } = askLibrary(library);
  const view = core.answer('ask', { question: { ...ALL_IMAGES, stacking: 'jobs' } });
  const rows = core.answer('rows', { viewId: view.id, from: 0, count: 9 });
  expect(rows.map((row) => [row?.id, row?.stack])).toEqual([
    [generated.id, 1],
    [other.id, 1],
    [one.id, 1],
  ]);
});

it('the source is counted', async () => {
  const library = await testLibrary();
  await importedImage(library);
  await savedImage(library);
  await savedImage(library);
  const { core, ask } = askLibrary(library);
  const { facets } = core.answer('facets', { viewId: ask('').id });
  expect(facets.find(({ field }) => field === 'source')?.values).toEqual([
    { value: 'generated', label: 'Generated', count: 2 },
    { value: 'ComfyUI', label: 'ComfyUI', count: 1 },
    { value: 'imported', label: 'Imported', count: 1 },
  ]);
});

it('a program is found by its short name; one that is named like another source is not that source', async () => {
  const library = await testLibrary();
  const other = await importedImage(library);
  const image = await importedImage(library);
  const generated = await savedImage(library);
  const name = (software: string): void =>
    void library.db.prepare('UPDATE imports SET software = ? WHERE id = ?').run(software, image.importId);
  const ids = (query: string): string[] =>
    askLibrary(library)
      .find(query)
      .map(({ id }) => id);
  name('Automatic1111');
  expect(ids('source:a1111')).toEqual([image.id]);
  name('Draw Things');
  expect(ids('source:"draw things"')).toEqual([image.id]);
  expect(ids('source:draw-things')).toEqual([image.id]);
  name('Generated');
  expect(ids('source:generated')).toEqual([generated.id]);
  name('');
  expect(ids('source:comfyui')).toEqual([other.id]);
  expect(ids('source:imported')).toEqual([image.id, other.id]);
});

it('its record says where it is from; it has no request, and is a family of its own', async () => {
  const { db, ...rest } = await testLibrary();
  const { id, importId } = await importedImage({ db, ...rest }, { prompt: 'a fox', fileName: 'a.png', at: 1000 });
  expect(readImage(db, id)).toMatchObject({
    prompt: 'a fox',
    generation: null,
    signed: null,
    imported: {
      id: importId,
      fileName: 'a.png',
      importedAt: 1000,
      dated: 'metadata',
      software: 'ComfyUI',
      parameters: { steps: 20 },
      texts: [{ name: 'caption', text: 'a caption' }],
    },
    siblings: [{ id }],
    repeats: null,
  });
  expect((await readFamily(db, id)).members).toMatchObject([{ image: { id }, request: null, parents: [] }]);
});
