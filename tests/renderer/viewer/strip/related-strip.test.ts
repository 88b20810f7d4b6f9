import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ViewQuestion } from '../../../../electron/contract/entities/views.ts';
import '../../../../renderer/app.css';
import RelatedStrip from '../../../../renderer/viewer/strip/RelatedStrip.svelte';
import { renderInApp } from '../../state/render-in-app.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { imageRecord, WITH_IMAGES } from '../image-record.ts';

beforeEach(async () => {
  await page.viewport(1400, 900);
});

const record = imageRecord(1, { prompt: 'A red fox in the snow' });
const twin = image(2, { prompt: 'A grey fox in deep snow', model: 'gpt-image-1.5' });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const kind = (name: string) => page.getByRole('radio', { name });

async function openStrip(found = [record, twin]) {
  const script = scriptedStudio(viewsOf(found));
  const opened: string[] = [];
  const shown: string[] = [];
  await renderInApp(
    RelatedStrip,
    { studio: script.studio, host: WITH_IMAGES },
    { record, onopen: (id: string) => opened.push(id), onshow: (field: string) => shown.push(field) },
  );
  const asked = () =>
    script.calls
      .filter(({ endpoint }) => endpoint === 'views.ask')
      .map(({ payload }) => (payload as { question: ViewQuestion }).question);
  return { script, opened, shown, asked };
}

test('each kind of likeness is asked for, most alike first, without the image itself', async () => {
  const { asked, shown } = await openStrip();
  await expect.element(button(twin.prompt)).toBeVisible();
  await expect.element(button(record.prompt)).not.toBeInTheDocument();
  await kind('Near duplicates').click();
  await kind('Same prompt').click();
  await expect
    .poll(() => asked().map(({ query, sort, place }) => [query, sort.by, place]))
    .toEqual([
      [`similar:${uuid(1)}`, 'likeness', 'library'],
      [`near:${uuid(1)}`, 'likeness', 'library'],
      [`prompt:${uuid(1)}`, 'likeness', 'library'],
    ]);
  await button('Show 1 image in library').click();
  expect(shown).toEqual(['prompt']);
});

test('under the pointer or the focus, the words that differ are marked; a click opens the image', async () => {
  const { opened } = await openStrip();
  await button(twin.prompt).hover();
  const card = page.getByRole('tooltip');
  await expect.element(card).toBeVisible();
  expect(card.element().textContent).toContain('gpt-image-1.5');
  const words = (tag: string) => [...card.element().querySelectorAll(tag)].map(({ textContent }) => textContent.trim());
  expect([words('del'), words('ins')]).toEqual([
    ['red', 'the'],
    ['grey', 'deep'],
  ]);
  await kind('Similar look').hover();
  await expect.element(card).not.toBeInTheDocument();
  button(twin.prompt).element().focus();
  await expect.element(card).toBeVisible();
  await expect.element(button(twin.prompt)).toHaveAccessibleDescription(/deep/u);
  await userEvent.keyboard('{Enter}');
  expect(opened).toEqual([twin.id]);
});

test('it says that there are none, and why they couldn’t be found', async () => {
  const { script } = await openStrip([record]);
  await expect.element(page.getByText('No other images.')).toBeVisible();
  script.answers['views.ask'] = () => ({
    refusal: { code: 'index-loading', message: 'The library is still being loaded.', billing: 'none' },
  });
  await kind('Same prompt').click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('The library is still being loaded.');
});
