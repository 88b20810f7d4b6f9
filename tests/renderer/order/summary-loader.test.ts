import { expect, test } from 'vitest';
import type { SelectionSummary } from '../../../electron/contract/entities/annotations.ts';
import { SummaryLoader } from '../../../renderer/order/SummaryLoader.svelte.ts';
import { imageTarget } from '../../../renderer/order/target.ts';
import { image, scriptedStudio, uuid } from '../state/scripted-studio.ts';

const summarized = ({ selection }: { selection: { imageIds: string[] } }) =>
  ({ images: 1, note: selection.imageIds[0] }) as Partial<SelectionSummary>;
const target = (number: number) => imageTarget(image(number));

test('what one selection has in common is never shown for another', async () => {
  const script = scriptedStudio({ 'views.summarize': summarized });
  const loader = new SummaryLoader(script.studio);
  loader.follow(target(1), 'a', []);
  await expect.poll(() => loader.value?.note).toBe(uuid(1));
  // The same images after an edit.
  loader.follow(target(1), 'a', [1]);
  expect(loader.value?.note).toBe(uuid(1));
  loader.follow(target(2), 'b', [1]);
  expect(loader.value).toBeNull();
  await expect.poll(() => loader.value?.note).toBe(uuid(2));
  loader.follow(null, '', [1]);
  expect(loader.value).toBeNull();
});

test('changes that follow each other without a pause don’t put it off', async () => {
  const script = scriptedStudio({ 'views.summarize': summarized });
  const loader = new SummaryLoader(script.studio);
  let progress = 0;
  const changes = setInterval(() => loader.follow(target(3), 'c', [(progress += 1)]), 10);
  await expect.poll(() => loader.value?.note).toBe(uuid(3));
  clearInterval(changes);
  loader.stop();
});
