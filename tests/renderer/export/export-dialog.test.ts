import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ExportPreview, ExportResult } from '../../../electron/contract/entities/exports.ts';
import type { ImageId, RunId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import ExportDialog from '../../../renderer/export/ExportDialog.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { HOST, scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';

const SELECTION: Selection = { kind: 'images', imageIds: ['a' as ImageId] };
const IMAGE = {
  createdAt: new Date(2026, 5, 15, 12, 30).getTime(),
  prompt: 'con: a fox',
  model: 'gpt-image-2',
  width: 1024,
  height: 1536,
  quality: 'high',
  rating: 3,
  sha256: 'ab'.repeat(32) as Sha256,
};
const PREVIEW: ExportPreview = {
  images: 412,
  first: [
    { ...IMAGE, format: 'png' },
    { ...IMAGE, format: 'jpeg' },
    { ...IMAGE, prompt: 'Con: a fox', format: 'png' },
  ],
};
const RESULT: ExportResult = {
  path: '/home/me/out',
  images: 410,
  bytes: 1_200_000_000,
  signed: 12,
  unchanged: 1,
  dropped: 4,
  failed: 2,
  problems: [
    { name: '2026-06-15 a heron', problem: 'missing' },
    { name: '2026-06-15 an owl', problem: 'damaged' },
  ],
};

const runOf = (id: string, more: Partial<Run> = {}): Run => {
  const run = { id: id as RunId, kind: 'export', state: 'running', done: 0, total: null, name: null, startedAt: 0 };
  return { ...run, endedAt: null, error: null, result: null, ...more } as Run;
};

function exportingStudio(answers: Parameters<typeof scriptedStudio>[0] = {}): ScriptedStudio {
  return scriptedStudio({
    'exports.preview': () => PREVIEW,
    'exports.countSigned': ({ selection }: { selection: Selection | null }) => selection && 12,
    'exports.start': ({ id }: { id: string }) => runOf(id),
    ...answers,
  });
}

async function openDialog(scripted: ScriptedStudio, host = HOST) {
  localStorage.removeItem('emulsion.export');
  const mirror = new StudioState(scripted.studio);
  await mirror.exports.show(SELECTION);
  const screen = await renderInApp(ExportDialog, { studio: scripted.studio, mirror, host }, {});
  return { screen, mirror, push: (run: Run) => mirror.runs.applyUpdate(run) };
}

test('from names over progress to what was written', async () => {
  const scripted = exportingStudio();
  const { screen, push } = await openDialog(scripted);
  await expect.element(screen.getByRole('heading', { name: 'Export 412 images' })).toBeVisible();
  await expect.element(screen.getByText('2026-06-15 con- a fox.png', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('2026-06-15 con- a fox.jpg', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('2026-06-15 Con- a fox (2).png', { exact: true })).toBeVisible();
  await screen.getByRole('textbox', { name: 'File names' }).fill('{prompt} {colour}');
  await expect.element(screen.getByText('_con- a fox {colour}.png', { exact: true })).not.toBeInTheDocument();
  await expect.element(screen.getByText('con- a fox {colour}.png', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('{colour} stays as it is.')).toBeVisible();
  await screen.getByRole('textbox', { name: 'File names' }).fill('');
  await screen.getByRole('button', { name: 'Counter' }).click();
  await screen.getByRole('button', { name: 'Size' }).click();
  await expect.element(screen.getByText('0001 1024x1536.png')).toBeVisible();
  await screen.getByRole('radio', { name: 'One ZIP' }).click();
  await expect.element(screen.getByText(/a table for spreadsheets/u)).toBeVisible();
  await screen.getByRole('radio', { name: 'Files in a folder' }).click();
  const start = screen.getByRole('button', { name: 'Export', exact: true });
  await expect.element(start).toBeDisabled();
  await screen.getByRole('textbox', { name: 'Folder' }).fill(' /home/me/out ');
  await start.click();
  await expect.element(screen.getByRole('progressbar', { name: 'Exporting images' })).toBeVisible();
  const call = scripted.calls.find(({ endpoint }) => endpoint === 'exports.start')?.payload as { id: string };
  expect(call).toMatchObject({
    selection: SELECTION,
    options: { folder: '/home/me/out', as: 'files', images: 'originals', names: '{counter} {size}' },
  });
  push(runOf(call.id, { state: 'done', result: RESULT }));
  await expect.element(screen.getByText('410 images exported')).toBeVisible();
  await expect.element(screen.getByText('12 signed, exported unchanged')).toBeVisible();
  await expect
    .element(
      screen.getByText(
        '4 without details from another program, which are damaged or too large; the originals keep them',
      ),
    )
    .toBeVisible();
  await expect.element(screen.getByText('2 couldn’t be exported')).toBeVisible();
  await expect.element(screen.getByText('2026-06-15 a heron')).toBeVisible();
  await expect.element(screen.getByText('/home/me/out')).toBeVisible();
  // This host can't show it.
  expect(screen.getByRole('button', { name: 'Show in folder' }).elements()).toEqual([]);
  await screen.getByRole('button', { name: 'Done' }).click();
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument();
});

test('copies say how many images are signed before they are made', async () => {
  const { screen } = await openDialog(exportingStudio());
  expect(screen.getByText(/signed/u).elements()).toEqual([]);
  await screen.getByRole('radio', { name: 'Copies with details' }).click();
  await expect
    .element(screen.getByText(/12 of them are signed .+ would break the signature, so they are exported unchanged/u))
    .toBeVisible();
});

test('a conversion says what it does to signed images, and is sent as it was chosen', async () => {
  const scripted = exportingStudio();
  const { screen } = await openDialog(scripted);
  expect(screen.getByRole('radio', { name: 'AVIF' }).elements()).toEqual([]);
  await screen.getByRole('radio', { name: 'Converted' }).click();
  await expect.element(screen.getByText(/12 of them are signed .+ Converting breaks the signature/u)).toBeVisible();
  await expect.element(screen.getByText('2026-06-15 con- a fox.jpg', { exact: true })).toBeVisible();
  await expect.element(screen.getByLabelText('Background')).toHaveValue('#ffffff');
  await screen.getByRole('radio', { name: 'PNG' }).click();
  expect(screen.getByRole('slider', { name: 'Quality' }).elements()).toEqual([]);
  expect(screen.getByLabelText('Background').elements()).toEqual([]);
  await screen.getByRole('radio', { name: 'WebP' }).click();
  await expect.element(screen.getByText('2026-06-15 con- a fox.webp', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('Transparency is kept. Longest edge up to 16,383 px.')).toBeVisible();
  await screen.getByRole('radio', { name: 'Longest edge' }).click();
  const edge = screen.getByRole('textbox', { name: 'At most in pixels' });
  await edge.fill('12');
  await expect.element(screen.getByText('Enter 16 to 16,384. Until then it is 2,048.')).toBeVisible();
  await edge.fill('800');
  await screen.getByRole('button', { name: 'Size' }).click();
  await expect.element(screen.getByText(/con- a fox 533x800\.webp$/u)).toBeVisible();
  await screen.getByRole('switch', { name: 'Include details' }).click();
  await screen.getByRole('textbox', { name: 'Folder' }).fill('/home/me/out');
  await screen.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.element(screen.getByRole('progressbar', { name: 'Exporting images' })).toBeVisible();
  const call = scripted.calls.find(({ endpoint }) => endpoint === 'exports.start')?.payload;
  expect(call).toMatchObject({
    options: {
      images: 'converted',
      conversion: { format: 'webp', quality: 90, size: 'edge', edge: 800, details: false },
    },
  });
});

test('the host’s dialog and file manager are used where it has them, and what was chosen is remembered', async () => {
  const host = { ...HOST, capabilities: { ...HOST.capabilities, chooseFolder: true, revealInFolder: true } };
  const scripted = exportingStudio({ 'host.chooseExportFolder': () => ({ folder: '/chosen' }) });
  const { screen, push } = await openDialog(scripted, host);
  await screen.getByRole('button', { name: 'Choose…' }).click();
  await expect.element(screen.getByRole('textbox', { name: 'Folder' })).toHaveValue('/chosen');
  await screen.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.element(screen.getByRole('progressbar')).toBeVisible();
  const { id } = scripted.calls.find(({ endpoint }) => endpoint === 'exports.start')?.payload as { id: string };
  push(runOf(id, { state: 'done', result: { ...RESULT, failed: 0, problems: [] } }));
  await screen.getByRole('button', { name: 'Show in folder' }).click();
  await expect.poll(() => scripted.calls.at(-1)).toEqual({ endpoint: 'exports.reveal', payload: { runId: id } });
  expect(new StudioState(scripted.studio).exports.settings.options.folder).toBe('/chosen');
});

test('a refusal is said and can be corrected; a cancelled export says how far it came', async () => {
  const refusal = { code: 'parameter-invalid', message: 'Enter the folder’s whole path.', billing: 'none' };
  const scripted = exportingStudio({ 'exports.start': () => ({ refusal }) });
  const { screen, push, mirror } = await openDialog(scripted);
  await screen.getByRole('textbox', { name: 'Folder' }).fill('out');
  await screen.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.element(screen.getByText('Enter the folder’s whole path.')).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Export', exact: true })).toBeEnabled();
  scripted.answers['exports.start'] = ({ id }: { id: string }) => runOf(id);
  await screen.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.element(screen.getByRole('progressbar')).toBeVisible();
  const id = mirror.exports.run?.id ?? '';
  push(runOf(id, { state: 'cancelled', done: 10, total: 412 }));
  await expect.element(screen.getByText('Cancelled. Files exported until then are complete.')).toBeVisible();
});

test('a contact sheet says its pages as it is divided, and is exported as it was laid out', async () => {
  const scripted = exportingStudio();
  const { screen, push } = await openDialog(scripted);
  await screen.getByRole('radio', { name: 'Copies with details' }).click();
  await screen.getByRole('radio', { name: 'Contact sheet' }).click();
  expect(screen.getByRole('radio', { name: 'Originals' }).elements()).toEqual([]);
  await expect.element(screen.getByText('412 images on 21 pages')).toBeVisible();
  await screen.getByRole('button', { name: 'More columns' }).click();
  await screen.getByRole('spinbutton', { name: 'Rows' }).fill('6');
  await screen.getByRole('radio', { name: 'Landscape' }).click();
  await expect.element(screen.getByText('412 images on 14 pages')).toBeVisible();
  // Names as they are below the images, which have no extension.
  await expect.element(screen.getByText('2026-06-15 con- a fox', { exact: true }).first()).toBeVisible();
  await screen.getByRole('radio', { name: 'None' }).click();
  expect(screen.getByRole('textbox', { name: 'Names' }).elements()).toEqual([]);
  await screen.getByRole('radio', { name: 'Name and prompt' }).click();
  await screen.getByRole('radio', { name: 'US Letter' }).click();
  await screen.getByRole('textbox', { name: 'Title' }).fill('Foxes');
  await screen.getByRole('textbox', { name: 'Folder' }).fill('/home/me/out');
  await screen.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.element(screen.getByRole('progressbar', { name: 'Exporting images' })).toBeVisible();
  const { id, options } = scripted.calls.find(({ endpoint }) => endpoint === 'exports.start')?.payload as {
    id: string;
    options: unknown;
  };
  const layout = { paper: 'letter', orientation: 'landscape', columns: 5, rows: 6, caption: 'prompt', title: 'Foxes' };
  expect(options).toMatchObject({ as: 'sheet', sheet: layout });
  push(runOf(id, { state: 'done', result: { ...RESULT, signed: 0, unchanged: 0, sheet: { pages: 14, undrawn: 3 } } }));
  await expect.element(screen.getByText('412 images on 14 pages')).toBeVisible();
  await expect.element(screen.getByText('2 of them are empty frames')).toBeVisible();
  await expect.element(screen.getByText(/In 3 captions, boxes stand for characters/u)).toBeVisible();
});

test('signed images are counted when they matter: not for a contact sheet, and once', async () => {
  const scripted = exportingStudio();
  const { screen } = await openDialog(scripted);
  const counted = (): number => scripted.calls.filter(({ endpoint }) => endpoint === 'exports.countSigned').length;
  await screen.getByRole('radio', { name: 'Contact sheet' }).click();
  await expect.element(screen.getByText('412 images on 21 pages')).toBeVisible();
  expect(counted()).toBe(0);
  await screen.getByRole('radio', { name: 'One ZIP' }).click();
  await screen.getByRole('radio', { name: 'Converted' }).click();
  await expect.element(screen.getByText(/12 of them are signed/u)).toBeVisible();
  await screen.getByRole('radio', { name: 'Contact sheet' }).click();
  await screen.getByRole('radio', { name: 'Files in a folder' }).click();
  await expect.element(screen.getByText(/12 of them are signed/u)).toBeVisible();
  expect(counted()).toBe(1);
});

test('its buttons are in sight in a low window with every choice', async () => {
  await page.viewport(900, 560);
  const { screen } = await openDialog(exportingStudio());
  const button = screen.getByRole('button', { name: 'Export', exact: true });
  for (const choice of ['Contact sheet', 'Files in a folder', 'Copies with details', 'Converted', 'Fit within']) {
    await screen.getByRole('radio', { name: choice }).click();
    const { bottom, left, width, top, height } = button.element().getBoundingClientRect();
    expect(bottom, choice).toBeLessThan(560);
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    expect(button.element().contains(hit), choice).toBe(true);
  }
  await page.viewport(1280, 800);
});
