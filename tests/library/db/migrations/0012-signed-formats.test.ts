import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { signedFormats } from '../../../../electron/library/db/migrations/0012-signed-formats.ts';
import { migrate, MIGRATIONS } from '../../../../electron/library/db/migrations/migrate.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const sha = (last: number): string => String(last).padStart(64, '0');

it('has images looked at again whose format wasn’t read for credentials, and keeps what is known of the others', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  const until = MIGRATIONS.indexOf(signedFormats);
  migrate(db, MIGRATIONS.slice(0, until));
  const formats = ['png', 'jpeg', 'webp', 'svg', 'gif', 'tiff', 'avif', 'heic'];
  for (const [index, format] of formats.entries())
    db.exec(`INSERT INTO originals VALUES ('${sha(index)}', '${format}', 100);
      INSERT INTO imports (id, run, file_name, imported_at, dated, prompt, parameters, texts)
        VALUES ('${ID(index)}', '${ID(0)}', 'f', 1, 'file', '', '{}', '[]');
      INSERT INTO images (timeline, id, import_id, position, sha256, width, height, created_at, signed)
        VALUES (${index + 1}, '${ID(index)}', '${ID(index)}', 0, '${sha(index)}', 1, 1, 1, ${format === 'heic' ? 1 : 0});`);
  migrate(db, MIGRATIONS.slice(0, until + 1));
  const rows = db.prepare<[], { format: string; signed: number | null }>(
    'SELECT o.format, i.signed FROM images i JOIN originals o USING (sha256) ORDER BY i.timeline',
  );
  expect(Object.fromEntries(rows.all().map(({ format, signed }) => [format, signed]))).toEqual({
    png: 0,
    jpeg: 0,
    webp: 0,
    svg: 0,
    gif: null,
    tiff: null,
    avif: null,
    heic: 1,
  });
});
