import { expect, test } from 'vitest';
import type { ImportReport } from '../../../electron/contract/entities/imports.ts';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import { toasts } from '../../../renderer/shared/feedback/toasts.svelte.ts';
import ImportDialog from '../../../renderer/import/ImportDialog.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { HOST, scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';

const REPORT: ImportReport = {
  images: 412,
  bytes: 1_200_000_000,
  free: 5_000_000_000,
  dates: { first: Date.parse('2023-05-03T12:00:00Z'), last: Date.parse('2026-12-02T12:00:00Z') },
  formats: [
    { format: 'png', count: 400 },
    { format: 'jpeg', count: 12 },
  ],
  prompts: [{ source: 'comfyui', count: 310 }],
  brought: { images: 120, marks: ['ratings', 'tags', 'notes', 'favourites', 'collections'] },
  known: 6,
  knownBrought: 4,
  records: { ignored: 3, newer: 1 },
  repeated: 2,
  refused: [{ problem: 'empty', count: 3 }],
};

function runOf(kind: 'scan' | 'import', id: string, more: Partial<Run> = {}): Run {
  const run = {
    kind,
    id: id as RunId,
    state: 'running',
    done: 0,
    total: null,
    name: null,
    startedAt: 0,
    endedAt: null,
  };
  return { ...run, error: null, result: null, ...more } as Run;
}

/** A studio that starts runs, and ends them when the test says so. */
function importingStudio(answers: Parameters<typeof scriptedStudio>[0] = {}): ScriptedStudio & { ids: string[] } {
  const ids: string[] = [];
  const start =
    (kind: 'scan' | 'import') =>
    ({ id }: { id: string }): Run => {
      ids.push(id);
      return runOf(kind, id);
    };
  const scripted = scriptedStudio({ 'imports.scan': start('scan'), 'imports.start': start('import'), ...answers }, () =>
    Promise.resolve({ ok: null }),
  );
  return { ...scripted, ids };
}

async function openDialog(scripted: ScriptedStudio, host = HOST) {
  const mirror = new StudioState(scripted.studio);
  mirror.imports.show();
  const screen = await renderInApp(ImportDialog, { studio: scripted.studio, mirror, host }, {});
  return { screen, mirror, imports: mirror.imports, push: (run: Run) => mirror.runs.applyUpdate(run) };
}

test('from a typed path over the report to what came in', async () => {
  const scripted = importingStudio({
    'imports.refused': () => ({ files: [{ name: 'downloads/a.png', problem: 'empty', format: null }], next: null }),
  });
  const { screen, push } = await openDialog(scripted);
  await screen.getByLabelText('Path of a file or folder on this computer').fill('/home/me/downloads');
  await screen.getByRole('button', { name: 'Look' }).click();
  await expect.element(screen.getByRole('progressbar', { name: 'Looking at files' })).toBeVisible();
  await expect.element(screen.getByRole('dialog', { name: 'Import images' })).toHaveFocus();
  const [scanId = ''] = scripted.ids;
  push(runOf('scan', scanId, { state: 'done', result: REPORT }));
  await expect.element(screen.getByText('412 new images')).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Import 412 images' })).toHaveFocus();
  await expect.element(screen.getByText('1.2 GB · 3 May 2023 – 2 Dec 2026')).toBeVisible();
  await expect.element(screen.getByText('400 PNG, 12 JPEG')).toBeVisible();
  await expect.element(screen.getByText('310 from ComfyUI')).toBeVisible();
  await expect
    .element(screen.getByText('Ratings, tags, notes, favourites and collections of 120 images'))
    .toBeVisible();
  const records = '3 ignored: damaged, or of none of these images · 1 from a newer version of Emulsion, kept as text';
  await expect.element(screen.getByText(records)).toBeVisible();
  await expect
    .element(screen.getByText(/their ratings, tags, notes and collections in this library stay/u))
    .toBeVisible();
  await expect.element(screen.getByText('3 can’t be imported')).toBeVisible();
  await screen.getByText('The file is empty.').click();
  await expect.element(screen.getByText('downloads/a.png')).toBeVisible();
  await screen.getByRole('button', { name: 'Import 412 images' }).click();
  await expect.element(screen.getByRole('button', { name: 'Pause' })).toBeVisible();
  const [, importId = ''] = scripted.ids;
  push(runOf('import', importId, { state: 'done', result: { imported: 412, known: 0, refused: [] } }));
  await expect.element(screen.getByText('412 imported, 8 duplicates skipped, 3 couldn’t be imported')).toBeVisible();
  expect(scripted.calls.find(({ endpoint }) => endpoint === 'imports.scan')?.payload).toEqual({
    id: scanId,
    choice: { kind: 'paths', paths: ['/home/me/downloads'] },
  });
  expect(scripted.calls.find(({ endpoint }) => endpoint === 'imports.start')?.payload).toEqual({
    id: importId,
    scanId,
  });
});

test('the host’s dialog is used where it has one', async () => {
  const host = { ...HOST, capabilities: { ...HOST.capabilities, chooseFolder: true } };
  const scripted = importingStudio({ 'host.chooseImport': () => ({ paths: ['/a', '/b'] }) });
  const { screen } = await openDialog(scripted, host);
  expect(screen.getByLabelText('Path of a file or folder on this computer').elements()).toEqual([]);
  await screen.getByRole('button', { name: 'Choose a folder…' }).click();
  await expect.poll(() => scripted.calls.at(-1)?.endpoint).toBe('imports.scan');
  expect(scripted.calls.at(-2)).toEqual({ endpoint: 'host.chooseImport', payload: { what: 'folder' } });
});

test('the report says so where the library’s disk has no room for the images', async () => {
  const scripted = importingStudio();
  const { screen, push, imports } = await openDialog(scripted);
  const report = async (free: number | null) => {
    await imports.choosePaths(['/home/me/downloads']);
    push(runOf('scan', scripted.ids.at(-1) ?? '', { state: 'done', result: { ...REPORT, free } }));
    await expect.element(screen.getByRole('button', { name: 'Import 412 images' })).toBeEnabled();
  };
  const warning = screen.getByText(/isn’t enough room/u);
  await report(300_000_000);
  await expect.element(warning).toBeVisible();
  expect(warning.element().textContent).toContain(
    'these images need 1.2 GB, 900 MB more than is free. Nothing is imported yet.',
  );
  await report(1_200_000_000);
  await expect.element(warning).not.toBeInTheDocument();
  await report(null);
  await expect.element(warning).not.toBeInTheDocument();
});

test('files are uploaded, and discarded where nothing is imported', async () => {
  const scripted = importingStudio();
  const { screen, imports, push } = await openDialog(scripted);
  const files = ['a.png', 'b.png'].map((name) => ({ file: new File(['x'], name), name }));
  await imports.chooseFiles(files);
  const choice = (scripted.calls.at(-1)?.payload as { choice: { kind: string; uploadId: string } }).choice;
  expect(choice.kind).toBe('uploads');
  push(runOf('scan', scripted.ids[0] ?? '', { state: 'done', result: { ...REPORT, images: 0 } }));
  await expect.element(screen.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await expect.element(screen.getByText('Nothing new to import')).toBeVisible();
  await imports.close();
  expect(scripted.calls.at(-1)).toEqual({ endpoint: 'imports.discard', payload: { uploadId: choice.uploadId } });
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument();
});

test('a refusal is said, and another choice can be made', async () => {
  const refusal = { code: 'parameter-invalid', message: 'Enter the whole path.', billing: 'none' };
  const { screen, imports } = await openDialog(importingStudio({ 'imports.scan': () => ({ refusal }) }));
  await imports.choosePaths(['images']);
  await expect.element(screen.getByText('Enter the whole path.')).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Choose files…' })).toBeVisible();
});

test('an import that goes on is shown when the dialog opens again', async () => {
  const { screen, imports, push } = await openDialog(importingStudio());
  push(runOf('import', 'other', { done: 10, total: 40 }));
  await expect.element(screen.getByText('10 of 40')).toBeVisible();
  await imports.close();
  imports.show();
  await expect.element(screen.getByText('10 of 40')).toBeVisible();
});

test('an import that ends while its dialog is closed is told, with a way to its details', async () => {
  const scripted = importingStudio();
  const { screen, imports, push } = await openDialog(scripted);
  await imports.choosePaths(['/home/me/downloads']);
  const [scanId = ''] = scripted.ids;
  push(runOf('scan', scanId, { state: 'done', result: REPORT }));
  await screen.getByRole('button', { name: 'Import 412 images' }).click();
  await screen.getByRole('button', { name: 'Close' }).click();
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument();
  const [, importId = ''] = scripted.ids;
  push(runOf('import', importId, { state: 'done', result: { imported: 412, known: 0, refused: [] } }));
  await expect.poll(() => toasts.current?.message).toBe('412 imported, 8 duplicates skipped, 3 couldn’t be imported');
  expect(toasts.current?.action?.label).toBe('Details');
  toasts.act();
  await expect.element(screen.getByRole('button', { name: 'Show imported' })).toBeVisible();
  await screen.getByRole('button', { name: 'Done' }).click();
  expect(toasts.current).toBeNull();
});
