import { beforeEach, expect, test, vi } from 'vitest';
import type { Change, OrderEdit } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId, CollectionId, ImageId, TagId } from '../../../../electron/contract/entities/ids.ts';
import { Question } from '../../../../renderer/state/library/question.svelte.ts';
import { uuid } from '../scripted-studio.ts';

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function questionOf(folder = '/a'): Question {
  const question = new Question();
  question.open(folder);
  return question;
}

test('text is asked after a pause in typing, or at once', () => {
  const question = questionOf();
  question.text = 'fo';
  vi.advanceTimersByTime(119);
  question.text = 'fox';
  vi.advanceTimersByTime(119);
  expect([question.settled.query, question.isFiltered, question.isTyping]).toEqual(['', false, true]);
  vi.advanceTimersByTime(1);
  expect([question.settled.query, question.isFiltered, question.isTyping]).toEqual(['fox', true, false]);
  question.text = 'fox red';
  question.settle();
  expect(question.settled.query).toBe('fox red');
});

test('spaces and unfinished filters don’t change what is asked', () => {
  const question = questionOf();
  question.show('fox  tag: ');
  expect([question.text, question.settled.query]).toEqual(['fox  tag: ', 'fox']);
  question.show(' model: ');
  expect(question.isFiltered).toBe(false);
});

test('filters are added to the text, merged and removed', () => {
  const question = questionOf();
  question.show('fox tag:a');
  question.add({ field: 'tag', values: ['b'], not: false });
  question.add({ field: 'rating', from: '4', to: null, not: false });
  question.add({ field: 'rating', from: '5', to: null, not: false });
  expect(question.text).toBe('fox tag:a,b rating:>=5');
  question.remove({ field: 'tag', values: ['a', 'b'], not: false });
  expect(question.settled.query).toBe('fox rating:>=5');
  question.clear();
  expect([question.text, question.isFiltered]).toEqual(['', false]);
});

const renaming = (edit: OrderEdit, more: Partial<Change> = {}): Change => ({
  ...{ id: uuid(9) as ChangeId, state: 'done', edit, names: [], images: 0, applied: 0, left: 0, at: 1 },
  ...{ undoneAt: null, ...more },
});
const tagId = uuid(7) as TagId;

test.each<[OrderEdit, string]>([
  [{ kind: 'tag-rename', tagId, from: 'client/acmé', to: 'Casa Azul' }, 'tag:"client/Casa Azul",wip'],
  [{ kind: 'tag-move', tagId, from: 'client', path: 'old/client' }, 'tag:old/client/Acme,wip'],
  [{ kind: 'tag-merge', tagId, from: 'wip', into: 'client/acme' }, 'tag:client/Acme,client/acme'],
  // Of an earlier version, without the place before.
  [{ kind: 'tag-move', tagId, path: 'old/wip' }, 'tag:client/Acme,wip'],
])('a query names a tag that gets another name by that, and undo puts it back: %o', (edit, after) => {
  const question = questionOf();
  question.show('fox  tag:client/Acme,wip');
  question.follow(renaming(edit));
  expect([question.text, question.settled.query]).toEqual([`fox  ${after}`, `fox ${after}`]);
  question.follow(renaming(edit));
  expect(question.text).toBe(`fox  ${after}`);
  question.follow(renaming(edit, { state: 'undone', undoneAt: 2 }));
  expect(question.text).toBe('fox  tag:client/Acme,wip');
});

test('what was typed since a rename stays after its undo; one that is still running or has failed changes nothing', () => {
  const question = questionOf();
  const edit: OrderEdit = { kind: 'tag-rename', tagId, from: 'wip', to: 'later' };
  question.show('tag:wip');
  question.follow(renaming(edit, { state: 'applying' }));
  question.follow(renaming(edit, { error: { code: 'disk-full', message: 'Full.', billing: 'none' } }));
  expect(question.text).toBe('tag:wip');
  question.follow(renaming(edit));
  question.show('tag:later boat');
  question.follow(renaming(edit, { state: 'undone', undoneAt: 2 }));
  expect(question.text).toBe('tag:wip boat');
});

test('after the undo of a merge, a name that was typed since stays', () => {
  const question = questionOf();
  const edit: OrderEdit = { kind: 'tag-merge', tagId, from: 'wip', into: 'later' };
  question.show('tag:wip');
  question.follow(renaming(edit));
  question.show('tag:later boat');
  question.follow(renaming(edit, { state: 'undone', undoneAt: 2 }));
  expect(question.text).toBe('tag:later boat');
});

test('a renamed collection is named by its new name', () => {
  const question = questionOf();
  question.show('-in:"casa azul" fox');
  const collectionId = uuid(8) as CollectionId;
  question.follow(renaming({ kind: 'collection-change', collectionId, from: 'Casa Azul', name: 'Füchse' }));
  expect(question.text).toBe('-in:Füchse fox');
});

test('survives a restart, by library', () => {
  const question = questionOf('/a');
  question.show('fox');
  question.orderBy({ by: 'random', descending: true, seed: 7 });
  question.grouping = 'month';
  question.stacking = 'jobs';
  question.place = 'trash';
  const { settled } = question;
  expect(questionOf('/a').settled).toEqual(settled);
  expect(questionOf('/b').settled).toEqual({
    query: '',
    sort: { by: 'date', descending: true },
    grouping: 'day',
    stacking: 'none',
    place: 'library',
  });
  question.open('/a');
  expect(question.settled).toEqual(settled);
});

test('a stored question that can’t be read is a fresh one', () => {
  const question = questionOf();
  question.show('fox');
  for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{"text":5}');
  expect(questionOf().settled.query).toBe('');
});

test('likeness and a collection’s order apply while the query has them', () => {
  const question = questionOf();
  const similar = { field: 'similar', image: uuid(1) as ImageId, not: false } as const;
  question.orderBy({ by: 'rating', descending: true });
  question.add(similar);
  expect(question.sort.by).toBe('likeness');
  question.remove(similar);
  expect(question.sort.by).toBe('rating');
  question.show('in:"Casa Azul"');
  question.orderBy({ by: 'collection', descending: false });
  expect(question.settled.sort.by).toBe('collection');
  question.show('in:a,b');
  expect(question.settled.sort.by).toBe('rating');
});
