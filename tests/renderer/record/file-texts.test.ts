import { expect, test } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import FileTexts from '../../../renderer/record/FileTexts.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio, uuid } from '../state/scripted-studio.ts';

const ID = uuid(1) as ImageId;

test('a file’s metadata is read when it is opened', async () => {
  const texts = [{ name: 'workflow', text: '{"nodes":[]}' }];
  const { studio, calls } = scriptedStudio({ 'imports.texts': () => ({ texts, cut: true }) });
  const screen = await renderInApp(FileTexts, { studio }, { imageId: ID });
  expect(calls).toEqual([]);
  await screen.getByText('Metadata in the file').click();
  await expect.element(screen.getByText('{"nodes":[]}')).toBeVisible();
  await expect.element(screen.getByText('Shortened here. The file has all of it.')).toBeVisible();
  expect(calls).toEqual([{ endpoint: 'imports.texts', payload: { imageId: ID } }]);
});

test('a file without any, and one that is gone', async () => {
  const none = scriptedStudio({ 'imports.texts': () => ({ texts: [], cut: false }) });
  const screen = await renderInApp(FileTexts, { studio: none.studio }, { imageId: ID });
  await screen.getByText('Metadata in the file').click();
  await expect.element(screen.getByText('None that can be read.')).toBeVisible();
  await screen.unmount();
  const refusal = { code: 'file-missing', message: 'The file is missing.', billing: 'none' };
  const gone = scriptedStudio({ 'imports.texts': () => ({ refusal }) });
  const other = await renderInApp(FileTexts, { studio: gone.studio }, { imageId: ID });
  await other.getByText('Metadata in the file').click();
  await expect.element(other.getByText('The file is missing.')).toBeVisible();
});

test('what came beside the file is shown as it is', async () => {
  const { studio } = scriptedStudio({});
  const beside = [{ name: 'records/a.json', text: '{"version":3}' }];
  const screen = await renderInApp(FileTexts, { studio }, { imageId: ID, beside });
  await screen.getByText('Imported with the file').click();
  await expect.element(screen.getByText('{"version":3}')).toBeVisible();
});
