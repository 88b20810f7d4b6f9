import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { StudioError } from '../contract/errors.ts';

/** What a file held, and a sentence for the person where it could not be used. */
export interface JsonFile<T> {
  content: T;
  note: string | null;
}

export interface JsonFileOptions<S extends v.GenericSchema> {
  path: string;
  schema: S;
  /** The newest version that this program knows. */
  version: number;
  defaults: v.InferOutput<S>;
  /** How the file is called in a sentence, for instance "settings". */
  name: string;
}

/**
 * Reads a JSON file that carries its `version`. A missing one gives the defaults. A damaged one is put aside beside itself, never
 * deleted, and gives the defaults and a note. Throws `unsupported-here` for a file of a newer version, which stays untouched.
 */
export async function readJsonFile<S extends v.GenericSchema>(
  options: JsonFileOptions<S>,
): Promise<JsonFile<v.InferOutput<S>>> {
  const { path, schema, version, defaults, name } = options;
  const text = await readText(path, name);
  if (text === null) return { content: defaults, note: null };
  const json = parse(text);
  const found = v.safeParse(v.object({ version: v.number() }), json);
  if (found.success && found.output.version > version) throw newer(path, name);
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return { content: parsed.output, note: null };
  const aside = asidePath(path);
  await attempt(path, name, () => rename(path, aside));
  return {
    content: defaults,
    note: `The ${name} file could not be read, so Emulsion began with empty ${name}. The old file is kept as ${basename(aside)}.`,
  };
}

/**
 * Replaces a file so that a crash leaves the old or the new one, never a half: temp beside it, fsync, rename, fsync of the folder.
 * Throws `disk-full` or `disk-unwritable`; the old file then is as it was.
 */
export async function writeJsonFile(path: string, content: unknown, name: string): Promise<void> {
  const temp = `${path}.${randomUUID()}.tmp`;
  await attempt(path, name, async () => {
    try {
      const file = await open(temp, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await renameOver(temp, path);
    } catch (thrown) {
      await rm(temp, { force: true });
      throw thrown;
    }
    await syncFolder(dirname(path));
  });
}

/** Makes a folder that only its owner can enter, and its parents. Throws `disk-unwritable`. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await attempt(folder, 'settings', () => mkdir(folder, { recursive: true, mode: 0o700 }));
}

async function readText(path: string, name: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new StudioError(
      {
        code: 'disk-unwritable',
        message: `The ${name} file ${path} could not be read. Check who may open it, then start again.`,
      },
      { cause },
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch {
    return undefined; // the schema then refuses it
  }
}

function newer(path: string, name: string): StudioError {
  return new StudioError({
    code: 'unsupported-here',
    message: `The ${name} file ${path} was written by a newer Emulsion. It was left as it is. Start the newer version, or move the file away.`,
  });
}

function asidePath(path: string): string {
  const time = new Date().toISOString().replaceAll(/[:.]/gu, '-');
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}.damaged-${time}${extension}`);
}

/** Windows refuses to replace a file while a virus scanner looks at it; a moment later it does not. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rename(from, to);
      return;
    } catch (thrown) {
      const passing = process.platform === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(codeOf(thrown));
      if (!passing || tries === 8) throw thrown;
      await wait(20 * tries);
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function attempt<T>(path: string, name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT') {
      const message = `The disk is full, so the ${name} were not saved. Free some space and try again.`;
      throw new StudioError({ code: 'disk-full', message }, { cause });
    }
    const message = `The ${name} could not be saved to ${path}. Check that the folder can be written, then try again.`;
    throw new StudioError({ code: 'disk-unwritable', message }, { cause });
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
