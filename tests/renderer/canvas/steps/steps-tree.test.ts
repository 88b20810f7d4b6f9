import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import type { NodeId } from '../../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import { shortenPrompt } from '../../../../renderer/state/prompt-names.ts';
import { stepsTree, UNSENT, type StepsTree } from '../../../../renderer/canvas/steps/steps-tree.ts';
import { neighbourNode, type Direction } from '../../../../renderer/shared/layout/neighbour-node.ts';
import { canvasJob, finished, nodeId, ROOT, ROOT_IMAGE } from './canvas-jobs.ts';

/** Jobs of one draft: each is sent from an image that an earlier one made. */
const histories = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })), { maxLength: 14 }).map((clicks) => {
  const nodes: NodeId[] = [ROOT];
  return clicks.map(([pick, n], index): Job => {
    const number = index + 1;
    const made = finished(canvasJob(number, { from: nodes[pick % nodes.length] ?? ROOT, n }));
    nodes.push(...Array.from({ length: n }, (_, place) => nodeId(number * 100 + place)));
    return made;
  });
});

const places = ({ nodes }: StepsTree) => nodes.map(({ key, column, row }) => [key, `${column}/${row}`] as const);

test('no two nodes share a position; each is right of its parent, and not above it', () => {
  fc.assert(
    fc.property(histories, (jobs) => {
      const tree = stepsTree(ROOT_IMAGE, jobs);
      const taken = places(tree).map(([, place]) => place);
      expect(new Set(taken).size).toBe(taken.length);
      for (const node of tree.nodes.slice(1)) {
        const parent = tree.nodes.find(({ id }) => id === node.parent);
        expect(parent?.column).toBe(node.column - 1);
        expect(node.row).toBeGreaterThanOrEqual(parent?.row ?? Infinity);
        expect(tree.nodes.indexOf(node)).toBeGreaterThan(tree.nodes.findIndex(({ id }) => id === node.parent));
      }
    }),
    { numRuns: 100 },
  );
});

test('new jobs and received images do not move nodes', () => {
  fc.assert(
    fc.property(histories, fc.nat(), (jobs, at) => {
      const seen = jobs.slice(0, jobs.length === 0 ? 0 : at % jobs.length);
      const running = seen.map((job, index) => (index === seen.length - 1 ? { ...job, ...unfinished(job) } : job));
      const later = new Map(places(stepsTree(ROOT_IMAGE, jobs)));
      for (const [key, place] of places(stepsTree(ROOT_IMAGE, running))) expect(later.get(key)).toBe(place);
    }),
    { numRuns: 100 },
  );
});

const unfinished = (job: Job): Partial<Job> => ({
  state: 'running',
  generations: job.generations.map((one) => ({ ...one, state: 'sent', cost: null, images: [] })),
});

test('every node is reachable by arrow keys, in both directions', () => {
  fc.assert(
    fc.property(histories, (jobs) => {
      const tree = stepsTree(ROOT_IMAGE, jobs);
      const reached = new Set<NodeId>([ROOT]);
      const waiting: NodeId[] = [ROOT];
      for (let id = waiting.pop(); id; id = waiting.pop()) {
        for (const direction of ['left', 'right', 'up', 'down'] satisfies Direction[]) {
          const next = neighbourNode(tree, id, direction)?.id;
          if (next === undefined || reached.has(next)) continue;
          reached.add(next);
          waiting.push(next);
        }
      }
      expect(reached.size).toBe(tree.nodes.length);
    }),
    { numRuns: 60 },
  );
});

test('the first child continues the row, a branch begins below', () => {
  const jobs = [
    finished(canvasJob(1, { from: ROOT, prompt: 'Celadon glaze' })),
    finished(canvasJob(2, { from: ROOT, prompt: 'Terracotta' })),
    finished(canvasJob(3, { from: nodeId(200), prompt: 'Cobalt' })),
  ];
  const tree = stepsTree(ROOT_IMAGE, jobs, { from: nodeId(100), prompt: 'Celadon glaze, a fine crackle' });
  expect(tree.nodes.map(({ name, change, column, row }) => `${name}, ${change}: ${column}/${row}`)).toEqual([
    'Original, From a file: 0/0',
    'Celadon glaze, Mask: 1/0',
    'A fine crackle, not sent: 2/0',
    'Terracotta, Mask: 1/1',
    'Cobalt, Mask: 2/1',
  ]);
  expect(tree).toMatchObject({ images: 4, rows: 2, columns: 3 });
  expect(neighbourNode(tree, nodeId(100), 'down')?.name).toBe('Terracotta');
  expect(neighbourNode(tree, nodeId(100), 'right')?.id).toBe(UNSENT);
  expect(neighbourNode(tree, nodeId(100), 'right', ({ state }) => state !== 'unsent')).toBeNull();
  expect(neighbourNode(tree, ROOT, 'right')?.name).toBe('Celadon glaze');
});

test("a job's change has one name, also before its image is received", () => {
  const word = (asked: Partial<Parameters<typeof canvasJob>[1]>) =>
    stepsTree(ROOT_IMAGE, [canvasJob(1, { from: ROOT, ...asked })]).nodes[1]?.change;
  expect(word({})).toBe('Mask');
  expect(word({ roles: ['image', 'markup'] })).toBe('Markup');
  expect(word({ roles: ['image', 'image'] })).toBe('Edit');
  expect(word({ size: '2048x1024' })).toBe('Extend');
  expect(word({ size: '1024x1024', roles: ['image'] })).toBe('Crop');
  expect(word({ size: '3072x2048' })).toBe('Mask');
});

test('variations of one image are numbered through; a failed job has one node until dismissed', () => {
  const failed = (dismissed: boolean) =>
    canvasJob(3, { from: ROOT, n: 3, change: { state: 'failed', dismissed, finishedAt: 1 } });
  const jobs = [
    finished(canvasJob(1, { from: ROOT, n: 2, variation: true })),
    canvasJob(2, { from: ROOT, n: 2, variation: true }),
  ];
  const names = (all: Job[]) =>
    stepsTree(ROOT_IMAGE, all)
      .nodes.slice(1)
      .map(({ name, state }) => `${name} ${state}`);
  expect(names(jobs)).toEqual(['Variation 1 image', 'Variation 2 image', 'Variation 3 running', 'Variation 4 running']);
  expect(names([failed(false)])).toEqual(['Prompt 3 1 failed']);
  expect(names([failed(true)])).toEqual([]);
});

test('a name has the new words of the prompt', () => {
  expect(shortenPrompt('Glaze the bottle in celadon, semi-matt. Keep the light.', '')).toBe('Glaze the bottle');
  expect(shortenPrompt('Keep the light and the shadow. Add a fine crackle.', 'Keep the light and the shadow.')).toBe(
    'Add a fine crackle',
  );
  expect(shortenPrompt('   ', '')).toBe('Untitled');
  expect(shortenPrompt('x'.repeat(80), '')).toHaveLength(26);
});
