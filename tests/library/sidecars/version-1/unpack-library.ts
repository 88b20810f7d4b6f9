import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { emptyFolder } from '../../test-library.ts';

/**
 * A library as the last version of Emulsion that wrote records of version 1 left it (database format 9): 18 requests, among them one that failed, an
 * edit, a masked edit, two images of one request, a rating, a tag, a collection and an image in the trash.
 */
const FILES = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'library.json.gz'))).toString('utf8'),
) as Readonly<Record<string, string>>;

/** Unpacks it into a new folder. @returns the folder, and all files by their paths */
export async function unpackVersion1(): Promise<{ folder: string; files: ReadonlyMap<string, Buffer> }> {
  const folder = join(await emptyFolder(), 'library');
  const files = new Map(Object.entries(FILES).map(([path, content]) => [path, Buffer.from(content, 'base64')]));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { folder, files };
}
