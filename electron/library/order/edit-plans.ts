import type { Edit } from '../../contract/entities/changes.ts';
import type { Timestamp } from '../../contract/entities/ids.ts';
import { cleanNote } from '../../contract/rules/clean-note.ts';
import { prepare, type Readable } from '../db/database.ts';
import { planArrange, planCollect } from './collect-plans.ts';
import type { Aspect } from './image-cells.ts';
import { planMerge } from './merge-plan.ts';
import { insertCells, type Plan, type Timelines } from './plan.ts';
import { refused } from './refusal.ts';
import { planTagging } from './tag-plans.ts';

/**
 * What an edit of some images will do. Reads, and changes nothing.
 * @throws StudioError `parameter-invalid`, `not-found`
 */
export function planEdit(db: Readable, edit: Exclude<Edit, { kind: 'empty' }>, images: Timelines, at: Timestamp): Plan {
  switch (edit.kind) {
    case 'rate':
      return settingField(edit, images, 'rating', edit.rating);
    case 'favourite':
      return settingField(edit, images, 'favourite', Number(edit.on));
    case 'reject':
      return settingField(edit, images, 'rejected', Number(edit.on));
    case 'note':
      return settingField(edit, images, 'note', cleanNote(edit.note) || null);
    case 'trash':
      return settingField(edit, images, 'deleted_at', at, 'WHERE i.deleted_at IS NULL');
    case 'restore':
      return settingField(edit, images, 'deleted_at', null);
    case 'cover':
      return settingCover(db, edit, images);
    case 'tag':
      return planTagging(db, edit, images, at);
    case 'collect':
      return planCollect(db, edit, images, at);
    case 'arrange':
      return planArrange(db, edit, images);
    case 'merge':
      return planMerge(db, edit, images, at);
  }
}

function settingField(
  edit: Edit,
  images: Timelines,
  field: Exclude<Aspect, 'tags' | 'collections'>,
  value: string | number | null,
  where = `WHERE i.${field} IS NOT :value`,
): Plan {
  const sql = insertCells(`json_object('${field}', json_array(i.${field}, :value))`, where);
  return { edit, names: [], aspects: [field], cells: [], images, writes: [{ sql, values: { value } }] };
}

/** One image stands for its stack, so the others of its job don't. */
function settingCover(db: Readable, edit: Edit, images: Timelines): Plan {
  const [only] = Array.from(images);
  if (only === undefined || images.length !== 1) throw refused('One image stands for a stack. Select one.');
  const sql = `SELECT timeline FROM images WHERE job_id = (SELECT job_id FROM images WHERE timeline = :only) AND stack_cover = 1`;
  const covers = prepare<[{ only: number }], { timeline: number }>(db, sql).all({ only });
  const write = insertCells(
    "json_object('stack_cover', json_array(i.stack_cover, i.timeline = :only))",
    'WHERE i.stack_cover <> (i.timeline = :only)',
  );
  const all = [...new Set([only, ...covers.map(({ timeline }) => timeline)])];
  return {
    edit,
    names: [],
    aspects: ['stack_cover'],
    cells: [],
    images: all,
    writes: [{ sql: write, values: { only } }],
  };
}
