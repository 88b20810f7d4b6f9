import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../electron/library/db/migrations/migrate.ts';
import { canMount, smallVolume } from '../fakes/small-volume.ts';
import { sharedDecoding } from './shared-decoding.ts';
import { unpackVersion1 } from './sidecars/version-1/unpack-library.ts';
import { reportOf } from './test-library.ts';

const PAGE = 4096;

/** Every file with its content, except those that each opening makes anew. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^library\.(?:lock|db-wal|db-shm)$/u.test(name),
  );
  const files = names.filter((name) => statSync(join(folder, name)).isFile()).toSorted();
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

describe.skipIf(!canMount)('a library of an earlier version on a disk that is full', () => {
  it('says how much room it needs, is as it was wherever it fails, and opens when there is room', async () => {
    const { folder: from } = await unpackVersion1();
    const bytes = statSync(join(from, 'library.db')).size;
    const said = new Set<string>();
    // Before the snapshot, in it, and in the change itself.
    for (const room of [16 * PAGE, Math.round(bytes / 2), bytes + 24 * PAGE, bytes + 40 * PAGE]) {
      const volume = smallVolume(40);
      const folder = join(volume.folder, 'library');
      cpSync(from, folder, { recursive: true });
      const before = contents(folder);
      volume.fill(room);
      // Trying again takes no more room.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const { code, message } = await reportOf(() => openLibrary(folder, sharedDecoding));
        expect(code, `with room for ${room}`).toBe('disk-full');
        expect(message).toContain(
          `The library in ${folder} is of an earlier version of Emulsion, and its disk is too full`,
        );
        expect(message).toMatch(
          /needs up to \d+ MB .* and \d+ MB are free\. Your images and the database are as they were\. Free some space/u,
        );
        expect(contents(folder), `with room for ${room}`).toEqual(before);
        said.add(/up to (\d+) MB/u.exec(message)?.[1] ?? '');
      }
      volume.empty();
      const [needed = ''] = said;
      volume.fill(Number(needed) * 1e6);
      const library = await openLibrary(folder, sharedDecoding);
      expect(library.db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
      expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
      library.close();
      expect(readdirSync(join(folder, 'snapshots'))).toHaveLength(1);
    }
    expect(said.size).toBe(1);
  });
});
