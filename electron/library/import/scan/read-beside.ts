import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BESIDE_FILES, MAX_BESIDE_BYTES, NOTHING_BESIDE, type BesideFacts } from '../prompts/beside.ts';
import { readChatGpt } from '../prompts/chatgpt.ts';
import { readEmulsionExport } from '../prompts/emulsion.ts';
import { parseJson } from '../prompts/json-values.ts';
import { readPlayground } from '../prompts/playground.ts';
import type { ZipReader } from '../zip/read-zip.ts';

/** What a folder's export says about its images; nothing if it is none, or if it can't be read. */
export async function readFolderBeside(folder: string): Promise<BesideFacts> {
  for (const name of BESIDE_FILES) {
    const facts = factsIn(await readSmall(join(folder, name)).catch(() => null));
    if (facts) return facts;
  }
  return NOTHING_BESIDE;
}

/** The same for a ZIP. It is read from its beginning: open it anew for its list of files. */
export async function readZipBeside(zip: ZipReader): Promise<BesideFacts> {
  for await (const item of zip.list()) {
    const isOne = item.problem === null && BESIDE_FILES.some((name) => name === item.name);
    if (!isOne || item.place.uncompressedSize > MAX_BESIDE_BYTES) continue;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of zip.read(item.place)) chunks.push(chunk);
    } catch {
      // The list of files tells of the damage.
      continue;
    }
    const facts = factsIn(Buffer.concat(chunks).toString('utf8'));
    if (facts) return facts;
  }
  return NOTHING_BESIDE;
}

function factsIn(text: string | null): BesideFacts | null {
  const parsed = text === null ? null : parseJson(text);
  return readChatGpt(parsed) ?? readPlayground(parsed) ?? readEmulsionExport(parsed);
}

/** Null for a file that is too large. */
async function readSmall(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= MAX_BESIDE_BYTES ? await readFile(file, 'utf8') : null;
  } finally {
    await file.close();
  }
}
