import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoteText } from '../../../renderer/record/NoteText.svelte.ts';

/** A field whose saves are answered by the test. */
function field(stored = '') {
  const saves: { note: string; answer: (stored: boolean) => void }[] = [];
  const text = new NoteText(stored, (note) => new Promise((answer) => saves.push({ note, answer })));
  const type = (typed: string) => {
    text.typed = typed;
    text.changed();
  };
  return { text, type, saves, sent: () => saves.map(({ note }) => note) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('stores what was typed after a second without a key, once', async () => {
  const { text, type, sent } = field();
  type('Hang');
  await vi.advanceTimersByTimeAsync(900);
  type('Hang it');
  await vi.advanceTimersByTimeAsync(900);
  expect(sent()).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent()).toEqual(['Hang it']);
  await text.save();
  expect(sent()).toEqual(['Hang it']);
});

test.each([
  ['while the save is under way', false],
  ['after it, from before it', true],
])('the old note, read %s, does not overwrite what was typed', async (_when, answered) => {
  const { text, type, saves } = field();
  type('Hang it');
  void text.save();
  if (answered) saves[0]?.answer(true);
  await vi.advanceTimersByTimeAsync(0);
  text.follow('');
  expect(text.typed).toBe('Hang it');
  text.follow('Hang it');
  expect(text.typed).toBe('Hang it');
});

test('a first note that arrives after a second was sent does not overwrite it', async () => {
  const { text, type, saves, sent } = field();
  type('one');
  void text.save();
  type('one two');
  void text.save();
  saves.forEach(({ answer }) => answer(true));
  text.follow('one');
  expect(text.typed).toBe('one two');
  await text.save();
  expect(sent()).toEqual(['one', 'one two']);
  text.follow('one two');
  expect(text.typed).toBe('one two');
});

test('another window’s note is shown, unless something else is being typed', () => {
  const { text, type } = field('old');
  text.follow('theirs');
  expect(text.typed).toBe('theirs');
  type('mine');
  text.follow('theirs again');
  expect(text.typed).toBe('mine');
});

test('another window’s note is shown after one’s own was stored, and where it came between', () => {
  const { text, type, saves } = field();
  type('mine');
  void text.save();
  saves[0]?.answer(true);
  text.follow('theirs');
  expect(text.typed).toBe('theirs');
});

test('undone, it is shown as it was', () => {
  const { text, type, saves } = field('before');
  type('after');
  void text.save();
  saves[0]?.answer(true);
  text.follow('after');
  text.follow('before');
  expect(text.typed).toBe('before');
});

test('what could not be stored stays, and is sent again at the next save', async () => {
  const { text, type, saves, sent } = field();
  type('Hang it');
  const save = text.save();
  saves[0]?.answer(false);
  await save;
  text.follow('');
  expect(text.typed).toBe('Hang it');
  void text.save();
  expect(sent()).toEqual(['Hang it', 'Hang it']);
});

test('spaces alone are no note', () => {
  const { text, type, sent } = field();
  type('   ');
  void text.save();
  expect(sent()).toEqual([]);
  text.follow('theirs');
  expect(text.typed).toBe('theirs');
});

test('what is never stored of a text does not make it another one', () => {
  const { text, type, saves } = field();
  type('Hang\u0000 it\r\n');
  void text.save();
  expect(saves[0]?.note).toBe('Hang it\n');
  text.follow('Hang it\n');
  text.follow('theirs');
  expect(text.typed).toBe('theirs');
});
