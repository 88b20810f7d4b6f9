import { expect, test } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import type { PartialImage } from '../../../electron/contract/entities/images.ts';
import { jobFrames, frameSize, progressParts, type Frame } from '../../../renderer/progress/live-frames.ts';
import { generation, job, image, uuid } from '../state/scripted-studio.ts';

const partial = (number: number, index: number, arrivedAt: number): PartialImage => ({
  generationId: uuid(number) as GenerationId,
  index,
  arrivedAt,
  bytes: 1000,
});
const first = (frames: Frame[]): Frame => frames[0]!;
const states = (frame: Frame): string[] => progressParts(frame).map(({ name, state }) => `${name} ${state}`);

test('every image has its frame from the click on, also before its request exists', () => {
  const waiting = job(1, { state: 'waiting', generations: [generation(1, { state: 'intent', sentAt: null })] });
  waiting.request.parameters = { ...waiting.request.parameters, n: 3 };
  expect(jobFrames(waiting).length).toBe(3);
  expect(states(first(jobFrames(waiting)))).toEqual(['1 coming', '2 coming', '3 coming', 'Final coming']);
});

test('the line names what arrived with its time and what is being drawn', () => {
  const partials = [partial(1, 0, 14_000), partial(1, 1, 29_000)];
  const frame = first(jobFrames(job(1, { generations: [generation(1, { sentAt: 0, partials })] })));
  expect(progressParts(frame)).toEqual([
    { name: '1', state: 'done', after: 14_000 },
    { name: '2', state: 'done', after: 29_000 },
    { name: '3', state: 'now', after: null },
    { name: 'Final', state: 'coming', after: null },
  ]);
});

test('a final image ends the line, however many partial images came', () => {
  const images = [image(1, { createdAt: 62_000 })];
  const frame = first(jobFrames(job(1, { generations: [generation(1, { sentAt: 0, images })] })));
  expect(progressParts(frame).at(-1)).toEqual({ name: 'Final', state: 'done', after: 62_000 });
});

test('a request for several images has a frame for each, also for one more than was asked for', () => {
  const several = job(1, { generations: [generation(1, { n: 2, images: [image(1), image(2), image(3)] })] });
  expect(jobFrames(several).map((frame) => frame.image?.prompt)).toEqual(['Image 1', 'Image 2', 'Image 3']);
});

test('frames have the size that was asked for; where the server chooses, that of the first image, and a square until then', () => {
  const auto = job(1);
  expect(frameSize(auto, { width: 10, height: 10 })).toEqual({ width: 1536, height: 1024 });
  auto.request.parameters = { ...auto.request.parameters, size: 'auto' };
  expect(frameSize(auto, null)).toEqual({ width: 1024, height: 1024 });
  expect(frameSize(auto, { width: 1024, height: 1536 })).toEqual({ width: 1024, height: 1536 });
});
