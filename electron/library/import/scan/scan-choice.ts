import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ImportProblem } from '../../../contract/entities/imports.ts';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import { MAX_IMPORT_FILES } from '../../../contract/rules/import-limits.ts';
import { markKinds, readCopiedOriginal, readEmulsionMarks } from '../prompts/emulsion.ts';
import { readPrompt } from '../prompts/read-prompt.ts';
import { readTakenAt } from '../prompts/taken-at.ts';
import { ZipReader, type ZipItem } from '../zip/read-zip.ts';
import { extractImage } from './extract-image.ts';
import type { Candidate, Finding, ImportOrigin } from './candidate.ts';
import { inspectImage, toRefusal } from './inspect-image.ts';
import { readTexts } from '../../pixels/metadata/read-texts.ts';
import { newBudget } from './beside-files.ts';
import { ExportScopes, type ExportScope } from './export-scopes.ts';
import { readFolderBeside, readSentBeside, readZipBeside } from './read-beside.ts';
import { isSystemFile, walkChoice, type Chosen, type Walked } from './walk-choice.ts';

export interface ScanOptions {
  /** The open library's folder. */
  library: string;
  /** A new path for a file that is unpacked to be looked at. */
  temporaryPath(): string;
  signal: AbortSignal;
}

/** Looks at everything that a person chose. Nothing is changed. A file that can't be imported is a finding, not an error. @throws the signal's reason */
export async function* scanChoice(chosen: readonly Chosen[], options: ScanOptions): AsyncGenerator<Finding> {
  const limit = { left: MAX_IMPORT_FILES };
  for (const { name, files } of sentFolders(chosen)) {
    const inside = files.map((file) => ({ ...file, name: file.name.slice(name.length) }));
    const isSent = files.some(({ uploaded }) => uploaded);
    const sent = isSent ? await readSentBeside(inside, options.signal) : [];
    const scopes = new ExportScopes(sent.map((scope) => ({ ...scope, name: name + scope.name })));
    yield* scanWalk(files, { ...options, scopes }, limit);
    if (limit.left <= 0) return;
  }
}

/** What was chosen, in the folders that the page has sent file by file; `name`: what the names of its files begin with, '' for everything else. */
function sentFolders(chosen: readonly Chosen[]): { name: string; files: Chosen[] }[] {
  const folders = new Map<string, Chosen[]>();
  for (const file of chosen) {
    const name = file.uploaded ? file.name.slice(0, file.name.indexOf('/') + 1) : '';
    const files = folders.get(name) ?? [];
    folders.set(name, files);
    files.push(file);
  }
  return [...folders].map(([name, files]) => ({ name, files }));
}

/** @param options `scopes`: the exports that are known before a folder begins */
async function* scanWalk(
  chosen: readonly Chosen[],
  options: FileOptions,
  limit: { left: number },
): AsyncGenerator<Finding> {
  const { scopes, signal } = options;
  const isSent = chosen.some(({ uploaded }) => uploaded);
  let budget = newBudget();
  for await (const found of walkChoice(chosen, options.library)) {
    signal.throwIfAborted();
    // What was sent comes in no order.
    if (!isSent) yield* recordsOf(scopes.leave(found.kind === 'folder' && found.chosen ? '/' : found.name));
    if (found.kind === 'folder') {
      if (found.chosen) budget = newBudget();
      const beside = await readFolderBeside(found.path, { budget, signal });
      scopes.enter({ name: `${found.name}/`, ...beside });
      continue;
    }
    if (limit.left <= 0) {
      yield refused(found.name, 'too-many-files');
      return;
    }
    if (scopes.skips(found.name)) continue;
    limit.left -= 1;
    const unread = scopes.unread(found.name);
    if (unread !== null) yield refused(found.name, unread);
    else if (found.kind === 'refused') yield refused(found.name, found.problem);
    else yield* scanFile(found, options, limit);
  }
  yield* recordsOf(scopes.open);
}

/** How many records weren't of use, once all images of their export were looked at. */
function* recordsOf(scopes: readonly ExportScope[]): Generator<Finding> {
  for (const { records } of scopes) {
    const { ignored, newer } = records?.counts ?? { ignored: 0, newer: 0 };
    if (ignored + newer > 0) yield { kind: 'records', ignored, newer };
  }
}

interface FileOptions extends ScanOptions {
  scopes: ExportScopes;
}

type WalkedFile = Extract<Walked, { kind: 'file' }>;

async function* scanFile(file: WalkedFile, options: FileOptions, limit: { left: number }): AsyncGenerator<Finding> {
  try {
    if (await isZip(file)) yield* scanZip(file, options, limit);
    else
      yield {
        kind: 'image',
        candidate: await toCandidate(file.path, file.name, { path: file.path, zip: null }, options.scopes),
      };
  } catch (thrown) {
    options.signal.throwIfAborted();
    yield toFinding(file.name, thrown);
  }
}

/** A ZIP by its content, where its name says so too: other programs' documents are ZIPs as well. */
async function isZip({ path, name, chosen }: WalkedFile): Promise<boolean> {
  if (!chosen && !/\.zip$/iu.test(name)) return false;
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    // A file, or no files at all (APPNOTE 4.3.7 and 4.3.16).
    return bytesRead === 4 && ['PK\x03\x04', 'PK\x05\x06'].includes(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
}

async function* scanZip(file: WalkedFile, options: ScanOptions, limit: { left: number }): AsyncGenerator<Finding> {
  const zip = await ZipReader.open(file.path);
  if (!zip) {
    yield refused(file.name, 'zip-damaged');
    return;
  }
  try {
    const known = await besideIn(file.path, options.signal);
    const scopes = new ExportScopes(known.map((scope) => ({ ...scope, name: `${file.name}/${scope.name}` })));
    for await (const item of zip.list()) {
      options.signal.throwIfAborted();
      if (item.name.split('/').some(isSystemFile) || scopes.skips(`${file.name}/${item.name}`)) continue;
      if (limit.left <= 0) {
        yield refused(file.name, 'too-many-files');
        return;
      }
      limit.left -= 1;
      yield await scanZipItem(zip, item, file, { ...options, scopes });
    }
    yield* recordsOf(scopes.open);
  } finally {
    zip.close();
  }
}

/** A ZIP's list can be read once, so this one is opened for itself. */
async function besideIn(path: string, signal: AbortSignal): Promise<ExportScope[]> {
  const zip = await ZipReader.open(path);
  try {
    return zip ? await readZipBeside(zip, path, signal) : [];
  } finally {
    zip?.close();
  }
}

async function scanZipItem(zip: ZipReader, item: ZipItem, file: WalkedFile, options: FileOptions): Promise<Finding> {
  const name = item.name === '' ? file.name : `${file.name}/${item.name}`;
  if (item.problem !== null) return refused(name, item.problem);
  const unread = options.scopes.unread(name);
  if (unread !== null) return refused(name, unread);
  if (/\.zip$/iu.test(name)) return refused(name, 'zip-in-zip');
  const path = options.temporaryPath();
  try {
    await extractImage(zip, item.place, path);
    const candidate = await toCandidate(path, name, { path: file.path, zip: item.place }, options.scopes);
    // The file that was unpacked is of now.
    return { kind: 'image', candidate: { ...candidate, dates: { ...candidate.dates, fileAt: item.at } } };
  } catch (thrown) {
    return toFinding(name, thrown);
  } finally {
    await rm(path, { force: true });
  }
}

async function toCandidate(path: string, name: string, origin: ImportOrigin, scopes: ExportScopes): Promise<Candidate> {
  const { format, bytes, modifiedAt } = await inspectImage(path);
  const { texts } = await readTexts(path, format);
  const beside = scopes.said(name);
  const sha256 = await hashOf(path);
  const record = scopes.record(name, sha256, readCopiedOriginal(texts));
  const found = readPrompt(texts);
  return {
    origin,
    name,
    sha256,
    bytes,
    format,
    dates: {
      made: record?.made ?? null,
      takenAt: readTakenAt(texts, Date.now()),
      besideAt: beside?.at ?? null,
      fileAt: modifiedAt,
    },
    source: (found ?? beside?.found)?.source ?? (record?.hasPrompt ? 'emulsion' : null),
    beside: found ? null : (beside?.found ?? null),
    record: record?.place ?? null,
    marks: record?.marks ?? markKinds(readEmulsionMarks(texts)),
  };
}

async function hashOf(path: string): Promise<Sha256> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex') as Sha256;
}

function toFinding(name: string, thrown: unknown): Finding {
  const { problem, format } = toRefusal(thrown);
  return { kind: 'refused', refused: { name, problem, format } };
}

function refused(name: string, problem: ImportProblem): Finding {
  return { kind: 'refused', refused: { name, problem, format: null } };
}
