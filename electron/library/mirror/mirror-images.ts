import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import type { MirrorChoice } from '../../contract/entities/mirror-folder.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { namedImage, nameByPattern, UniqueNames } from '../../contract/rules/file-names.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readByTimeline, sourceOf } from '../export/exported-image.ts';
import { ImageFile } from '../export/image-file.ts';
import { atTarget, writeFile } from '../export/write-file.ts';
import { hashParts, MirrorFiles, type UnknownFiles } from './mirror-files.ts';
import { MirrorStopped, type MirrorProblem } from './mirror-problem.ts';
import { MirrorRecord, syncNames } from './mirror-record.ts';

export interface MirrorTask {
  /** The library's folder. */
  library: string;
  choice: MirrorChoice;
  /** Also images that were copied and whose copies aren't there any more. */
  again: boolean;
  /** Images that aren't tried: see {@link MirrorPass.failed}. */
  skip: readonly string[];
}

/** How a pass ended. */
export interface MirrorPass {
  /** Images of the library that were copied, now or earlier. */
  done: number;
  total: number;
  /** IDs of images that couldn't be read: their file is missing or damaged in the library. */
  failed: string[];
}

export interface MirrorControl {
  /** Asked often, also within a file. */
  isStopped(): boolean;
  /** Called where there is anything to copy. */
  progress(pass: Pick<MirrorPass, 'done' | 'total'> & { failed: number }): void;
}

interface Row {
  timeline: number;
  image: ImageId;
  source: Sha256;
  bytes: number;
}

/** An image whose masked result is still due waits for it. */
const SQL = `SELECT i.timeline, i.id AS image, o.sha256 AS source, o.bytes
  FROM images i LEFT JOIN strict_results s ON s.image_id = i.id
  JOIN originals o ON o.sha256 = CASE s.state WHEN 'done' THEN s.sha256 ELSE i.sha256 END
  WHERE i.deleted_at IS NULL AND s.state IS NOT 'due' ORDER BY i.timeline`;

/**
 * Copies all images to the mirror folder that weren't copied before, oldest first; those in the trash aren't. Files that are there stay as they are. A
 * file with the bytes that an image's copy would have is taken for it, so nothing is doubled after a crash or where the record was lost.
 * @throws MirrorStopped; what was copied until then is complete and remembered
 */
export async function mirrorImages(db: Readable, task: MirrorTask, control: MirrorControl): Promise<MirrorPass> {
  const { folder } = task.choice;
  try {
    const record = await MirrorRecord.open(folder);
    const looked = task.again ? await look(task, record) : null;
    if (looked) await findMissing(folder, looked, control);
    const pass = passOf(db, task, record);
    // A large folder isn't listed where there is nothing to copy.
    if (pass.due.length > 0) await copyAll(db, { task, pass, found: looked ?? (await look(task, record)) }, control);
    const { done, total, failed } = pass;
    return { done, total, failed };
  } catch (thrown) {
    throw await toStopped(thrown, folder);
  }
}

interface Found {
  record: MirrorRecord;
  files: MirrorFiles;
  unknown: UnknownFiles;
}

/** What is in the folder. @throws StudioError */
async function look({ choice: { folder }, again }: MirrorTask, record: MirrorRecord): Promise<Found> {
  // A person may have sorted copies into folders of it.
  const deep = again || record.size === 0;
  const files = await atTarget(folder, () => MirrorFiles.list(folder, deep));
  return { record, files, unknown: files.besides(record.entries.map(({ file }) => file)) };
}

/** Forgets what isn't there any more, unless it has another name. */
async function findMissing(folder: string, found: Found, { isStopped }: MirrorControl): Promise<void> {
  const { record, files, unknown } = found;
  for (const entry of record.entries) {
    if (files.has(entry.file)) continue;
    if (isStopped()) return;
    const file = await unknown.take(entry);
    if (file === null) record.forget(entry);
    else await atTarget(folder, () => record.add({ ...entry, file }));
  }
}

/** A pass that hasn't begun. */
function passOf(db: Readable, { skip }: MirrorTask, record: MirrorRecord): MirrorPass & { due: Row[] } {
  const rows = prepare<[], Row>(db, SQL).all();
  const missing = rows.filter((row) => !record.has(row));
  const skipped = new Set(skip);
  return {
    done: rows.length - missing.length,
    total: rows.length,
    failed: missing.flatMap(({ image }) => (skipped.has(image) ? [image] : [])),
    due: missing.filter(({ image }) => !skipped.has(image)),
  };
}

async function copyAll(
  db: Readable,
  { task, pass, found }: { task: MirrorTask; pass: ReturnType<typeof passOf>; found: Found },
  control: MirrorControl,
): Promise<void> {
  const { record, files } = found;
  const names = new UniqueNames([...files.names, ...record.entries.map(({ file }) => file)]);
  for (const row of pass.due) {
    control.progress({ done: pass.done, total: pass.total, failed: pass.failed.length });
    // Lets the thread send what it has said.
    await setImmediate();
    if (control.isStopped()) return;
    const copied = await copyOne(db, task, { ...found, names, control }, row);
    if (copied === 'stopped') return;
    if (copied === 'unreadable') pass.failed.push(row.image);
    else pass.done += 1;
  }
}

/** Thrown by the bytes of a file, which isn't kept then. */
class Stopped extends Error {}

/** @throws StudioError for the folder; MirrorStopped */
async function copyOne(
  db: Readable,
  { library, choice }: MirrorTask,
  { record, unknown, names, control }: Found & { names: UniqueNames; control: MirrorControl },
  row: Row,
): Promise<'copied' | 'unreadable' | 'stopped'> {
  const { folder } = choice;
  const image = readByTimeline(db, row.timeline);
  // Deleted meanwhile.
  if (!image) return 'copied';
  try {
    const planned = { record: image, source: sourceOf(library, image) };
    const file = await ImageFile.plan(planned, choice.images, new AbortController().signal);
    const add = async (copy: { file: string; bytes: number; sha256: string }): Promise<void> => {
      await atTarget(folder, () => record.add({ image: row.image, source: file.source.sha256, ...copy }));
    };
    if (!unknown.isEmpty) {
      const isOriginal = choice.images === 'originals' || file.kept !== null;
      const same = isOriginal ? { bytes: row.bytes, sha256: row.source } : await hashParts(file.parts());
      const there = await unknown.take(same);
      if (there !== null) {
        await add({ ...same, file: there });
        return 'copied';
      }
    }
    const offset = new Date(image.createdAt).getTimezoneOffset();
    const name = nameByPattern(choice.names, namedImage(image), { counter: record.size + 1, offset });
    for (;;) {
      if (!(await record.isThere())) throw new MirrorStopped(await whyAway(folder));
      const given = names.take(name, file.ending);
      const hash = createHash('sha256');
      const bytes = await writeFile(folder, given, hashing(file.parts(), hash, control), image.createdAt);
      // Another program has just written a file of that name.
      if (bytes === null) continue;
      // First: what is remembered isn't copied again, so it must be on the disk.
      await atTarget(folder, () => syncNames(folder));
      await add({ file: given, bytes, sha256: hash.digest('hex') });
      return 'copied';
    }
  } catch (thrown) {
    if (thrown instanceof Stopped) return 'stopped';
    if (thrown instanceof StudioError || thrown instanceof MirrorStopped) throw thrown;
    // One image whose file is missing, damaged, or can't be read holds back no other.
    return 'unreadable';
  }
}

async function* hashing(
  parts: AsyncIterable<Buffer>,
  hash: Hash,
  { isStopped }: MirrorControl,
): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    if (isStopped()) throw new Stopped();
    hash.update(part);
    yield part;
  }
}

/** An error of the mirror folder as a problem; any other one as it is. */
async function toStopped(thrown: unknown, folder: string): Promise<unknown> {
  if (!(thrown instanceof StudioError)) return thrown;
  const { code } = thrown.report;
  if (code === 'disk-full') return new MirrorStopped('full');
  if (code !== 'disk-unwritable') return thrown;
  return new MirrorStopped(await whyAway(folder));
}

/** Why nothing can be written to a folder. */
async function whyAway(folder: string): Promise<MirrorProblem> {
  try {
    await MirrorRecord.open(folder);
    return 'unwritable';
  } catch (thrown) {
    return thrown instanceof MirrorStopped ? thrown.problem : 'unwritable';
  }
}
