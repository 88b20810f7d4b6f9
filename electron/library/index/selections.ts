import { COMPARED_FACTS, type ComparedFact, type SelectionSummary } from '../../contract/entities/annotations.ts';
import type { ImageId } from '../../contract/entities/ids.ts';
import type { Selection } from '../../contract/entities/views.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { prepare, type Readable } from '../db/database.ts';
import { bitsOf, clearBit, hasBit, noBits, ordinalsOf, setBit, type Bits } from './bits.ts';
import { addCost, buildView, noCost, type BuiltView } from './build-view.ts';
import { FLAGS, STATES } from './columns.ts';
import type { Sources } from './evaluate.ts';
import { sizeName } from './filters.ts';
import type { IndexData } from './index-data.ts';
import type { Lists } from './lists.ts';
import { expand, stackKeys } from './stacks.ts';

/** Timeline keys per millisecond. */
const SLOTS = 1024;

/** The images of a selection, and its view, if it has one. */
export function selectedBits(sources: Sources, selection: Selection): { bits: Bits; view: BuiltView | null } {
  const { db, data } = sources;
  const { columns } = data;
  if (selection.kind === 'images')
    return { bits: bitsOf(columns.count, present(data, ordinalsOfIds(db, data, selection.imageIds))), view: null };
  const view = buildView(sources, selection.question);
  const bits = rangeBits(sources, view, selection);
  for (const ordinal of unseen(sources, selection)) clearBit(bits, ordinal);
  const stacked = (ids: readonly ImageId[]): Iterable<number> => {
    const ordinals = present(data, ordinalsOfIds(db, data, ids));
    if (view.stacking === 'none') return ordinals;
    return [...ordinals, ...ordinalsOf(expand(data, ordinals, view.bits, view.stacking))];
  };
  for (const ordinal of stacked(selection.except)) clearBit(bits, ordinal);
  for (const ordinal of stacked(selection.also)) setBit(bits, ordinal);
  return { bits, view };
}

type ViewSelection = Extract<Selection, { kind: 'view' }>;

/**
 * Images that came to the selection's place after its `until`. A time that is still to come is of a clock that was ahead and was set back since:
 * such an image was there before.
 */
function* unseen({ db, data: { columns }, now }: Sources, { question, until }: ViewSelection): Iterable<number> {
  if (question.place === 'trash') {
    const sql = 'SELECT timeline FROM images WHERE deleted_at > ? AND deleted_at <= ?';
    for (const { timeline } of prepare<[number, number], { timeline: number }>(db, sql).all(until, now)) {
      const ordinal = columns.ordinal(timeline);
      if (ordinal >= 0) yield ordinal;
    }
    return;
  }
  const after = (time: number): number => Math.floor(time + 1) * SLOTS;
  const [latest, ahead] = [after(until), after(now)];
  for (let ordinal = columns.count - 1; ordinal >= 0; ordinal -= 1) {
    const timeline = columns.arrays.timeline[ordinal] ?? 0;
    if (timeline < latest) return;
    if (timeline < ahead) yield ordinal;
  }
}

function rangeBits({ db, data }: Sources, view: BuiltView, { ranges }: ViewSelection): Bits {
  if (ranges === 'all') return view.bits.slice();
  const covers = noBits(data.columns.count);
  for (const { first, last } of ranges) {
    const [from, to] = [first, last].map((id) => positionOf(db, data, view, id)).sort((a, b) => a - b);
    for (let position = Math.ceil(from ?? 0); position <= Math.floor(to ?? -1); position += 1)
      setBit(covers, view.ordinals[position] ?? 0);
  }
  return view.stacking === 'none' ? covers : expand(data, ordinalsOf(covers), view.bits, view.stacking);
}

/**
 * Where an image is in a view. An image that has left it since has the place between its neighbours, where the order is that of time.
 * @throws StudioError `view-expired` where that can't be said
 */
function positionOf(db: Readable, data: IndexData, view: BuiltView, id: ImageId): number {
  const [ordinal = -1] = ordinalsOfIds(db, data, [id]);
  const position = ordinal < 0 ? -1 : view.ordinals.indexOf(ordinal);
  if (position >= 0) return position;
  if (ordinal < 0 || view.question.sort.by !== 'date' || view.stacking !== 'none') throw changedSince();
  const { descending } = view.question.sort;
  const before = view.ordinals.findIndex((other) => (descending ? other < ordinal : other > ordinal));
  return (before < 0 ? view.ordinals.length : before) - 0.5;
}

function changedSince(): StudioError {
  const message = 'The library has changed since these images were selected. Nothing was changed. Select them again.';
  return new StudioError({ code: 'view-expired', message });
}

/** Ordinals of ids; those that aren't in the library are left out. */
export function ordinalsOfIds(db: Readable, { columns }: IndexData, ids: readonly ImageId[]): number[] {
  const find = prepare<[string], { timeline: number }>(db, 'SELECT timeline FROM images WHERE id = ?');
  return ids.flatMap((id) => {
    const row = find.get(id);
    const ordinal = row ? columns.ordinal(row.timeline) : -1;
    return ordinal < 0 ? [] : [ordinal];
  });
}

function present({ columns }: IndexData, ordinals: readonly number[]): number[] {
  return ordinals.filter((ordinal) => ((columns.arrays.state[ordinal] ?? 0) & STATES.removed) === 0);
}

/** The timeline keys of a selection's images in its order: that of the view, with the images of a stack after its cover; others last. */
export function selectedTimelines(sources: Sources, selection: Selection): Float64Array<ArrayBuffer> {
  const { columns } = sources.data;
  const { bits, view } = selectedBits(sources, selection);
  const timelinesOf = (ordinals: Uint32Array): Float64Array<ArrayBuffer> => {
    const timelines = new Float64Array(ordinals.length);
    for (let place = 0; place < ordinals.length; place += 1)
      timelines[place] = columns.arrays.timeline[ordinals[place] ?? 0] ?? 0;
    return timelines;
  };
  if (!view) return timelinesOf(ordinalsOf(bits));
  const inView = view.ordinals.filter((ordinal) => hasBit(bits, ordinal));
  const left = bits.slice();
  for (const ordinal of inView) clearBit(left, ordinal);
  const others = ordinalsOf(left).reverse();
  if (view.stacking === 'none' || others.length === 0) return timelinesOf(concat(inView, others));
  return timelinesOf(byStack(stackKeys(sources.data, view.stacking), inView, others));
}

function concat(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function byStack(keys: Uint32Array, covers: Uint32Array, others: Uint32Array): Uint32Array {
  const members = Map.groupBy(others, (ordinal) => keys[ordinal] ?? 0);
  const ordered: number[] = [];
  for (const ordinal of covers) {
    const key = keys[ordinal] ?? 0;
    ordered.push(ordinal, ...(members.get(key) ?? []));
    members.delete(key);
  }
  return Uint32Array.from([...ordered, ...[...members.values()].flat()]);
}

/** Notes that are compared; beyond that they count as different. */
const MAX_NOTES = 2000;

/** What images have in common. */
export function summarize(db: Readable, data: IndexData, bits: Bits): SelectionSummary {
  const { arrays } = data.columns;
  const ordinals = ordinalsOf(bits);
  const summary: SelectionSummary = {
    images: ordinals.length,
    bytes: 0,
    cost: noCost(),
    facts: compareFacts(data, ordinals),
    ratings: [0, 0, 0, 0, 0, 0],
    favourites: 0,
    rejected: 0,
    tags: inLists(bits, data.tags, data.names.tags),
    collections: inLists(bits, data.collections, data.names.collections),
    note: commonNote(db, data, ordinals),
  };
  for (const ordinal of ordinals) {
    const flags = arrays.flags[ordinal] ?? 0;
    summary.bytes += arrays.bytes[ordinal] ?? 0;
    addCost(summary.cost, data.columns, ordinal);
    summary.ratings[arrays.rating[ordinal] ?? 0] = (summary.ratings[arrays.rating[ordinal] ?? 0] ?? 0) + 1;
    if (flags & FLAGS.favourite) summary.favourites += 1;
    if (flags & FLAGS.rejected) summary.rejected += 1;
  }
  return summary;
}

function compareFacts({ columns }: IndexData, ordinals: Uint32Array): SelectionSummary['facts'] {
  const compare = (fact: ComparedFact): { value: string; values: number } => {
    const codes = columns.arrays[fact];
    const seen = new Uint8Array(65_536);
    let values = 0;
    for (const ordinal of ordinals) {
      const code = codes[ordinal] ?? 0;
      if (seen[code] === 0) values += 1;
      seen[code] = 1;
    }
    const first = codes[ordinals[0] ?? 0] ?? 0;
    return { value: fact === 'size' ? sizeName(...sizeOf(first)) : (columns.names[fact].values[first] ?? ''), values };
  };
  const sizeOf = (code: number): [number, number] => columns.sizes.pairs[code] ?? [0, 0];
  return Object.fromEntries(COMPARED_FACTS.map((fact) => [fact, compare(fact)])) as SelectionSummary['facts'];
}

function inLists<Id>(bits: Bits, lists: Lists, names: ReadonlyMap<number, { id: Id }>): { id: Id; images: number }[] {
  const found: { id: Id; images: number }[] = [];
  for (const [key, { id }] of names) {
    let images = 0;
    for (const ordinal of lists.get(key)) if (hasBit(bits, ordinal)) images += 1;
    if (images > 0) found.push({ id, images });
  }
  return found;
}

function commonNote(db: Readable, { columns: { arrays } }: IndexData, ordinals: Uint32Array): string | null {
  const noted = ordinals.filter((ordinal) => ((arrays.flags[ordinal] ?? 0) & FLAGS.note) !== 0);
  if (noted.length === 0) return '';
  if (noted.length < ordinals.length || noted.length > MAX_NOTES) return null;
  const sql = `SELECT DISTINCT i.note FROM (SELECT value AS timeline FROM json_each(?)) w CROSS JOIN images i ON i.timeline = w.timeline LIMIT 2`;
  const timelines = [...noted].map((ordinal) => arrays.timeline[ordinal] ?? 0);
  const notes = db.prepare<[string], string | null>(sql).pluck().all(JSON.stringify(timelines));
  return notes.length === 1 ? (notes[0] ?? '') : null;
}
