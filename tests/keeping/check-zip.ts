import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { openPromise } from 'yauzl';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import type { Readable } from '../../electron/library/db/database.ts';

/** What a ZIP was found to be. */
export interface ZipFindings {
  /** `sound`, or what `unzip -t` complained of; null where there is no `unzip`. */
  unzip: string | null;
  /** Images of the library whose bytes are in the ZIP, as they were saved. */
  images: number;
  /** Originals of the library that aren't in it. */
  missing: number;
  /** Records in it that are JSON and named by the request or import that they are of. */
  records: number;
  /** Lines of its table, without the head. */
  rows: number;
  /** Thumbnails. */
  thumbnails: number;
  hasPage: boolean;
}

/** Reads a ZIP of all originals with readers that Emulsion didn't write it with. */
export async function checkZip(path: string, db: Readable): Promise<ZipFindings> {
  const wanted = new Set(db.prepare<[], Sha256>(SHOWN).pluck().all());
  const missing = new Set(wanted);
  const findings: ZipFindings = {
    ...{ unzip: testWithUnzip(path), images: 0, missing: 0, records: 0, rows: 0, thumbnails: 0, hasPage: false },
  };
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const parts: Buffer[] = [];
      const stream = (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
      for await (const part of stream) parts.push(part);
      count(findings, { wanted, missing }, entry.fileName, Buffer.concat(parts));
    }
    findings.missing = missing.size;
  } finally {
    zip.close();
  }
  return findings;
}

/** The files that show images: the masked result where there is one. */
const SHOWN = `SELECT coalesce(s.sha256, i.sha256) FROM images i LEFT JOIN strict_results s ON s.image_id = i.id`;

function count(
  findings: ZipFindings,
  { wanted, missing }: { wanted: ReadonlySet<Sha256>; missing: Set<Sha256> },
  name: string,
  bytes: Buffer,
): void {
  if (name.startsWith('images/')) {
    const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
    if (wanted.has(sha256)) findings.images += 1;
    missing.delete(sha256);
  } else if (name.startsWith('records/')) {
    const { id } = JSON.parse(bytes.toString('utf8')) as { id: string };
    if (name === `records/${id}.json`) findings.records += 1;
  } else if (name.startsWith('thumbnails/')) findings.thumbnails += 1;
  else if (name === 'images.csv') findings.rows = bytes.toString('utf8').match(/^"?images\//gmu)?.length ?? 0;
  else if (name === 'index.html') findings.hasPage = bytes.length > 0;
}

function testWithUnzip(path: string): string | null {
  try {
    execFileSync('unzip', ['-tqq', path], { stdio: 'pipe' });
    return 'sound';
  } catch (thrown) {
    const { code, stdout } = thrown as { code?: string; stdout?: Buffer };
    return code === 'ENOENT' ? null : String(stdout ?? thrown);
  }
}
