import { expect, test } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import LiveFrame from '../../../renderer/create/LiveFrame.svelte';
import { jobFrames } from '../../../renderer/progress/live-frames.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { generation, HOST, job, uuid } from '../state/scripted-studio.ts';

/** An image base under which every image is one drawing of that size: what comes after the # is not part of the image. */
function baseOf(width: number, height: number): string {
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}#`;
}

test('a frame takes the ratio of what came into it, so that no bars stand beside an image', async () => {
  const partials = [{ generationId: uuid(1) as GenerationId, index: 0, arrivedAt: Date.now(), bytes: 1 }];
  const [frame] = jobFrames(job(1, { generations: [generation(1, { partials })] }));
  if (!frame) throw new Error('The job has no frame.');
  const sizes: unknown[] = [];
  const { container } = await renderInApp(
    LiveFrame,
    { host: { ...HOST, imageBase: baseOf(30, 20) } },
    {
      frame,
      size: { width: 1024, height: 1024 },
      prompt: 'A courtyard',
      roomy: true,
      onsize: (size: unknown) => sizes.push(size),
    },
  );
  const place = container.querySelector<HTMLElement>('.frame');
  expect(place?.style.aspectRatio).toBe('1024 / 1024');
  await expect.poll(() => place?.style.aspectRatio).toBe('30 / 20');
  expect(sizes).toEqual([{ width: 30, height: 20 }]);
});
