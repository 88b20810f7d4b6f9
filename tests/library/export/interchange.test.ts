import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { tagImage } from '../../../electron/library/images/tag-image.ts';
import type { Library } from '../../../electron/library/library.ts';
import { findBrowser } from '../../browser.ts';
import { noiseImage } from '../input-images.ts';
import { emptyFolder, savedImage, testLibrary } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';

const AT = Date.UTC(2026, 5, 15, 12, 30, 15, 250);
const FORMATS = ['png', 'jpeg', 'webp'] as const;
const NOTE = 'Für Müller & Söhne: “ja”\n第二行 🎞️ <b>';
const TAGS = ['客户/Ärger & Söhne', 'print, large', '2026'];

/** In several scripts, with what XML, JSON and PNG must escape, and longer than a JPEG's segment. */
const PROMPTS: Readonly<Record<string, string>> = {
  latin: 'Ein „Fuchs“ im Schnee, à l’aube – ½ Licht',
  cyrillic: 'Лиса в снегу на рассвете',
  japanese: '雪の中の狐、夜明け',
  arabic: 'ثعلب في الثلج عند الفجر',
  devanagari: 'बर्फ़ में लोमड़ी, क्षण',
  emoji: 'a fox 🦊 and a family 👩‍👩‍👧‍👦, 🏳️‍🌈 and \u{2A6A5}',
  markup: `a <sign> that says "it's & it isn't" ]]> &amp; <?xpacket end="w"?> <!-- -->`,
  lines: 'first line\nsecond line\n\n\tand a tab\\n',
  long: Array.from({ length: 6000 }, (_, at) => `word ${at} 狐`).join(', '),
};

interface Exported {
  name: string;
  format: (typeof FORMATS)[number];
  prompt: string;
  id: ImageId;
  original: string;
  copy: string;
}

/** An image in each format with each prompt, exported as a copy with its details. */
async function exportedCopies(): Promise<Exported[]> {
  const library = await testLibrary();
  const made: Omit<Exported, 'copy'>[] = [];
  for (const [name, prompt] of Object.entries(PROMPTS))
    for (const format of FORMATS) {
      const image = noiseImage(40, 30)
        .withIccProfile('p3')
        .withExif({ IFD0: { Artist: 'Somebody else' } });
      const bytes = await image.withMetadata({ orientation: 6 })[format]().toBuffer();
      const { id } = await savedImage(library, { at: AT + made.length * 1000, prompt, bytes });
      const { sha256 } = readImage(library.db, id) ?? {};
      if (sha256) made.push({ name, prompt, id, format, original: originalPath(library.folder, sha256, format) });
      describeImage(library, id);
    }
  const folder = await emptyFolder();
  const options = { folder, as: 'files', images: 'copies', names: '{counter}' } as const;
  await exportToFolder(library, timelinesOf(library), options, controlled().control);
  return made.map((image, at) => {
    const ending = image.format === 'jpeg' ? 'jpg' : image.format;
    return { ...image, copy: join(folder, `${String(at + 1).padStart(4, '0')}.${ending}`) };
  });
}

function describeImage({ db }: Library, id: ImageId): void {
  db.prepare('UPDATE images SET rating = 4, note = ? WHERE id = ?').run(NOTE, id);
  const timeline = db.prepare<[string], number>('SELECT timeline FROM images WHERE id = ?').pluck().get(id) ?? 0;
  for (const path of TAGS) tagImage(db, timeline, path, AT);
}

const PARAMETERS = { model: 'gpt-image-2', n: 1, quality: 'high', size: '1024x1024' };
const SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

function exiftoolVersion(): string | null {
  try {
    return execFileSync('exiftool', ['-ver'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'ENOENT') return null;
    throw thrown;
  }
}

const exiftool = exiftoolVersion();
if (exiftool === null)
  console.warn('\n  SKIPPED: what exiftool reads of exported copies. Install exiftool to run these tests.\n');

/** What exiftool reads of files, in their order, by group and name; structures and lists as JSON, values unformatted and whole. */
function readWithExiftool(paths: readonly string[]): Record<string, unknown>[] {
  const options = [
    '-json',
    '-G1',
    '-struct',
    '-n',
    '-b',
    '-all',
    '-validate',
    '-warning',
    '-a',
    '-charset',
    'filename=utf8',
  ];
  const output = execFileSync('exiftool', [...options, ...paths], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(output) as Record<string, unknown>[];
}

/** JSON of exiftool has what looks like a number as one. */
const texts = (value: unknown): Set<string> => new Set((Array.isArray(value) ? value : [value]).map(String));

describe.skipIf(exiftool === null)('exiftool', () => {
  test('reads everything that copies say, in every format and script, and warns of nothing that Emulsion wrote', async () => {
    const copies = await exportedCopies();
    const read = readWithExiftool(copies.map(({ copy }) => copy));
    const originals = readWithExiftool(copies.map(({ original }) => original));
    expect(read).toHaveLength(copies.length);
    for (const [at, { name, format, prompt, id, copy }] of copies.entries()) {
      const found = read[at] ?? {};
      const of = `${name} as ${format}`;
      expect(found, of).toMatchObject({
        SourceFile: copy,
        'XMP-iptcExt:AIPromptInformation': prompt,
        'XMP-iptcExt:AISystemUsed': 'gpt-image-2',
        'XMP-iptcExt:DigitalSourceType': SOURCE_TYPE,
        'XMP-dc:Description': NOTE,
        'XMP-xmp:Rating': 4,
        'XMP-xmp:CreatorTool': 'Emulsion',
        'XMP-emulsion:Image': id,
        // The file's own stays.
        'IFD0:Artist': 'Somebody else',
        'IFD0:Orientation': 6,
      });
      expect(texts(found['XMP-dc:Subject']), of).toEqual(new Set(['客户', 'Ärger & Söhne', 'print, large', '2026']));
      expect(texts(found['XMP-lr:HierarchicalSubject']), of).toEqual(
        new Set(['客户|Ärger & Söhne', 'print, large', '2026']),
      );
      expect(JSON.parse(String(found['XMP-emulsion:Parameters'])), of).toEqual(PARAMETERS);
      expect(String(found['XMP-xmp:CreateDate']), of).toMatch(/^2026:06:15 12:3\d:\d\d\.250(?:Z|\+00:00)$/u);
      // Of WebP files that sharp writes, their own EXIF is something to warn of.
      const warnings = (read: Record<string, unknown> = {}): unknown[] =>
        ['ExifTool:Warning', 'ExifTool:Validate'].map((tag) => read[tag]);
      expect(warnings(found), of).toEqual(format === 'webp' ? warnings(originals[at]) : [undefined, '0 0 0']);
    }
  });
});

const found = await findBrowser();

/** Globals of the page for the script below. */
declare const createImageBitmap: (blob: Blob) => Promise<{ width: number; height: number }>;
declare const OffscreenCanvas: new (
  width: number,
  height: number,
) => {
  getContext(kind: '2d'): {
    drawImage(image: unknown, x: number, y: number): void;
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
};

describe.runIf(found)('a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const { executablePath, args, env } = found!;
    browser = await chromium.launch({ executablePath, args, env });
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  /** An image as the browser shows it: turned, in the screen's colours. */
  const shown = async (path: string, format: string): Promise<{ width: number; height: number; pixels: string }> =>
    page.evaluate(
      async ([base64, type]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type }));
        const { width, height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context.drawImage(image, 0, 0);
        return { width, height, pixels: context.getImageData(0, 0, width, height).data.join() };
      },
      [(await readFile(path)).toString('base64'), `image/${format}`] as const,
    );

  test('shows copies as it shows their originals, to the last pixel', async () => {
    const copies = await exportedCopies();
    for (const { name, format, original, copy } of copies) {
      const copied = await shown(copy, format);
      // Chromium turns no other format.
      if (format === 'jpeg') expect([copied.width, copied.height]).toEqual([30, 40]);
      expect(new Set(copied.pixels.split(',')).size).toBeGreaterThan(50);
      expect(copied, `${name} as ${format}`).toEqual(await shown(original, format));
    }
  });
});
