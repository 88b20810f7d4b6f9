import { expect, test } from 'vitest';
import type { JobId } from '../../../../electron/contract/entities/ids.ts';
import fc from '../../../fast-check.ts';
import { familySummary } from '../../../../renderer/viewer/family/family-labels.ts';
import { nodeLabel } from '../../../../renderer/viewer/family/node-labels.ts';
import { familyTree, MAX_CHILDREN, type FamilyTree } from '../../../../renderer/viewer/family/family-tree.ts';
import { uuid } from '../../state/scripted-studio.ts';
import { family, imageId, member } from './family-members.ts';

const STILL = 'Still life: a stoneware bottle on a limewashed table, grey wall';

const places = (tree: FamilyTree) => tree.nodes.map(({ id, column, row }) => [Number(id.slice(-3)), column, row]);
const node = (tree: FamilyTree, number: number) => {
  const found = tree.nodes.find(({ id }) => id === imageId(number));
  if (found?.kind !== 'member') throw new Error(`There is no node ${number}.`);
  return found;
};

test('the first child continues its parent’s row, others follow below, as high as there is room', () => {
  const tree = familyTree(
    family(member(1), member(2, [1]), member(3, [1]), member(4, [2]), member(5, [2]), member(6, [1]), member(7, [6])),
    imageId(1),
  );
  expect(places(tree)).toEqual([
    [1, 0, 0],
    [2, 1, 0],
    [4, 2, 0],
    [5, 2, 1],
    [3, 1, 1],
    [6, 1, 2],
    [7, 2, 2],
  ]);
  expect(tree).toMatchObject({ columns: 3, rows: 3 });
});

test('a node says what changed from the image that it was made from', () => {
  const prompt = STILL.replace('grey', 'terracotta');
  const tree = familyTree(
    family(
      member(1, [], { prompt: STILL }),
      member(2, [1], { prompt }),
      member(3, [2], { prompt, parameters: { model: 'gpt-image-2.6-sunburst', size: '1024x1024' } }),
      member(4, [1], { prompt: 'Make the bottle red', mask: true }),
      member(5, [1], { prompt: '', variation: true }),
      member(6, [{ from: imageId(2), kind: 'repeat' }, 1], { prompt }),
      member(7, [1], { prompt: STILL.replace(', grey wall', '') }),
    ),
    imageId(2),
  );
  const change = (number: number) => node(tree, number).change;
  expect(change(1).text).toMatch(/^Create · \d/u);
  expect(change(2)).toEqual({ text: '+ terracotta', words: true });
  expect(change(3)).toEqual({ text: 'Size 1536 × 1024 → 1024 × 1024', words: false });
  expect(change(4)).toEqual({ text: 'Edit, mask', words: false });
  expect(change(5).text).toBe('Variation');
  expect(change(6).text).toBe('Same request, gpt-image-2.6-sunburst');
  expect(change(7)).toEqual({ text: '− grey wall', words: true });
  expect(node(tree, 6)).toMatchObject({ parent: imageId(2), others: 1 });
});

test('a screen reader hears where an image comes from, what changed and where else it comes from', () => {
  const members = [
    member(1, [], { prompt: 'Grey wall' }),
    member(2),
    member(3, [1, 2], { prompt: 'Grey wall at dusk' }),
  ];
  const tree = familyTree(family(...members), imageId(3));
  expect(nodeLabel(node(tree, 3), true)).toBe(
    'At dusk, made from Grey wall, added at dusk, and from 1 other image, this image',
  );
  const trashed = familyTree(family(member(1, [], { trashed: true }), member(2, [1])), imageId(2));
  expect(nodeLabel(node(trashed, 1), false)).toMatch(/in the trash$/u);
});

test('images of one job, which have the same name, are numbered', () => {
  const jobId = uuid(700) as JobId;
  const tree = familyTree(
    family(member(1), member(2, [1], { jobId, prompt: 'Red fox' }), member(3, [1], { jobId, prompt: 'Red fox' })),
    imageId(1),
  );
  expect([1, 2, 3].map((number) => node(tree, number).number)).toEqual([null, 1, 2]);
  expect(nodeLabel(node(tree, 3), false)).toMatch(/^Red fox, image 2, /u);
});

test('many children fold, never the open image or what it was made from', () => {
  const many = Array.from({ length: 40 }, (_, index) => member(index + 2, [1]));
  const all = family(member(1), ...many, member(90, [30]));
  const tree = familyTree(all, imageId(90));
  const children = tree.nodes.filter(({ parent }) => parent === imageId(1));
  expect(children.map(({ kind }) => kind).filter((kind) => kind === 'member')).toHaveLength(MAX_CHILDREN);
  expect(children.at(-1)).toMatchObject({ kind: 'fold', hidden: 40 - MAX_CHILDREN, siblings: MAX_CHILDREN + 1 });
  expect(node(tree, 30).column).toBe(1);
  expect(node(tree, 90).column).toBe(2);
  const unfolded = familyTree(all, imageId(90), new Set([imageId(1)]));
  expect(unfolded.nodes.filter(({ parent }) => parent === imageId(1))).toHaveLength(40);
});

test('any family, with cycles too, is drawn once, each node right of its source, none over another and no lines crossing', () => {
  const links = fc.array(fc.array(fc.nat({ max: 12 }), { maxLength: 3 }), { minLength: 1, maxLength: 13 });
  fc.assert(
    fc.property(links, fc.nat(), (from, current) => {
      const members = from.map((sources, index) => member(index, sources));
      const own = current % members.length;
      const tree = familyTree(family(...members), imageId(own), new Set(members.map(({ image }) => image.id)));
      expect(tree.nodes.map(({ id }) => id).toSorted()).toEqual(members.map(({ image }) => image.id).toSorted());
      expect(new Set(tree.nodes.map(({ column, row }) => `${column}/${row}`)).size).toBe(members.length);
      for (const { parent, column, row } of tree.nodes) {
        const source = tree.nodes.find(({ id }) => id === parent);
        expect(column).toBe(source ? source.column + 1 : 0);
        expect(row).toBeGreaterThanOrEqual(source?.row ?? 0);
        expect(row).toBeLessThan(tree.rows);
      }
      // The line down from a source would cross those of a node beside it that is a source too.
      for (const one of tree.nodes)
        for (const other of tree.nodes.filter(({ column, row }) => column === one.column && row > one.row)) {
          const reach = (from: string) => tree.nodes.filter(({ parent }) => parent === from).map(({ row }) => row);
          if (reach(other.id).length > 0) expect(Math.max(0, ...reach(one.id))).toBeLessThan(other.row);
        }
    }),
    { numRuns: 200 },
  );
});

test('what isn’t listed is counted', () => {
  expect(familySummary(family(member(1), member(2)))).toBe('2 images');
  expect(familySummary({ members: [member(1)], more: 700, unfinished: true })).toBe('1 of more than 701 images');
});
