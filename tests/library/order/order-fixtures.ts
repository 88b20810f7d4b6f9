import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, CollectionId, ImageId, TagId } from '../../../electron/contract/entities/ids.ts';
import type { Library } from '../../../electron/library/library.ts';
import { LibraryChanges } from '../../../electron/library/order/library-changes.ts';
import { testLibrary } from '../test-library.ts';

export const changeId = (): ChangeId => uuid() as ChangeId;
const FORMATS = ['png', 'webp'];
const REQUEST = JSON.stringify({
  operation: 'create',
  profileId: 'demo',
  parameters: { model: 'gpt-image-2', prompt: 'a lighthouse', n: 2 },
});

/** Images without files, as cheap as rows can be: jobs of two images each. `images[0]` is the oldest. */
export function insertImages(db: Library['db'], count: number, from = 0): ImageId[] {
  const ids = Array.from({ length: count }, (_, at) => idOf(from + at, 'd') as ImageId);
  db.transaction(() => {
    const job = db.prepare(`INSERT INTO jobs (id, state, request, profile_name, base_url, created_at, finished_at)
      VALUES (?, 'done', ?, 'Demo', 'http://127.0.0.1:1', ?, ?)`);
    const generation =
      db.prepare(`INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, recorded_at)
      VALUES (?, ?, 0, 'create', 'done', 'gpt-image-2', ?, 2, ?, ?, 1)`);
    const original = db.prepare('INSERT INTO originals VALUES (?, ?, ?)');
    const image =
      db.prepare(`INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at, thumbhash, developed_at)
      VALUES (?, ?, ?, ?, ?, ?, 8, 6, ?, 'aa', 1)`);
    const words = db.prepare('INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)');
    ids.forEach((id, index) => {
      const at = from + index;
      const [jobId, generationId] = [idOf(at - (at % 2), 'a'), idOf(at - (at % 2), 'b')];
      if (at % 2 === 0) {
        job.run(jobId, REQUEST, at, at);
        const prompt = `a lighthouse number ${at}`;
        generation.run(generationId, jobId, prompt, JSON.stringify({ model: 'gpt-image-2', prompt, n: 2 }), at);
      }
      const sha256 = at.toString(16).padStart(64, '0');
      original.run(sha256, FORMATS[at % FORMATS.length], 100 + at);
      image.run((at + 1) * 1024, id, jobId, generationId, at % 2, sha256, at + 1);
      words.run((at + 1) * 1024, `a lighthouse number ${at}`);
    });
  })();
  return ids;
}

function idOf(at: number, kind: string): string {
  return `01890000-000${kind}-7000-8000-${at.toString(16).padStart(12, '0')}`;
}

export interface TestOrder {
  library: Library;
  changes: LibraryChanges;
  images: ImageId[];
  /** What was announced. */
  events: Change[];
  failures: unknown[];
  apply(images: readonly ImageId[], edit: Edit): Promise<Change>;
  /** Resolves once a change is neither being applied nor reverted. */
  settled(change: Change): Promise<Change>;
}

/** A library with images, and its changes; a selection of a view has all of its images, newest first. */
export async function testOrder(count: number, folder?: string): Promise<TestOrder> {
  const library = await testLibrary(folder);
  const images = insertImages(library.db, count);
  return { ...openOrder(library), images };
}

/** The changes of an open library. */
export function openOrder(library: Library): Omit<TestOrder, 'images'> {
  const events: Change[] = [];
  const failures: unknown[] = [];
  const waiting = new Set<() => void>();
  const changes = new LibraryChanges({
    library,
    resolve: () => {
      const sql = 'SELECT timeline FROM images ORDER BY timeline DESC';
      return Promise.resolve(library.db.prepare<[], number>(sql).pluck().all());
    },
    changed(change) {
      events.push(change);
      for (const wake of waiting) wake();
      waiting.clear();
    },
    failed: (thrown) => void failures.push(thrown),
  });
  onTestFinished(() => changes.close());
  const isRunning = ({ state }: Change): boolean => state === 'applying' || state === 'reverting';
  const settled = async (change: Change): Promise<Change> => {
    const from = events.length;
    for (let last = change; ;) {
      if (!isRunning(last)) return last;
      await new Promise<void>((resolve) => waiting.add(resolve));
      last = events.slice(from).findLast(({ id }) => id === change.id) ?? last;
    }
  };
  const apply = (imageIds: readonly ImageId[], edit: Edit): Promise<Change> =>
    changes.apply(changeId(), { kind: 'images', imageIds: [...imageIds] }, edit);
  return { library, changes, events, failures, apply, settled };
}

/** A collection with images of its own, made outside the journal. */
export function insertCollection(db: Library['db'], name: string): CollectionId {
  const id = uuid() as CollectionId;
  db.prepare('INSERT INTO collections (id, name, position, created_at) VALUES (?, ?, 1, 1)').run(id, name);
  return id;
}

/** The tag of a path. */
export function tagId({ library }: TestOrder, path: string): TagId {
  const find = library.db.prepare<[number, string], { key: number; id: TagId }>(
    'SELECT key, id FROM tags WHERE coalesce(parent, 0) = ? AND name = ?',
  );
  const tag = path
    .split('/')
    .reduce<{ key: number; id?: TagId }>((above, name) => find.get(above.key, name) ?? { key: -1 }, { key: 0 });
  if (!tag.id) throw new Error(`No tag ${path}.`);
  return tag.id;
}

/** Everything that changes may change, row by row. */
export function everyRow(db: Library['db']): Record<string, unknown[]> {
  const all = (sql: string): unknown[] => db.prepare(sql).raw().all();
  return {
    images: all(
      'SELECT timeline, rating, favourite, rejected, note, stack_cover, deleted_at FROM images ORDER BY timeline',
    ),
    tags: all('SELECT key, id, parent, name, folded, created_at, images FROM tags ORDER BY key'),
    imageTags: all('SELECT * FROM image_tags ORDER BY tag, timeline'),
    collections: all('SELECT * FROM collections ORDER BY key'),
    collectionImages: all('SELECT * FROM collection_images ORDER BY collection, timeline'),
    counters: all("SELECT * FROM counters WHERE name IN ('pictures', 'trash', 'trash-bytes') ORDER BY name"),
  };
}
