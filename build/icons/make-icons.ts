import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/**
 * Draws icon.svg (up to 48 pixels icon-small.svg) at every size that the three systems ask for, and packs the results into
 * the containers of Windows and macOS. Run by hand after the drawing changed: `node build/icons/make-icons.ts`. The files
 * are committed, because the packager would download tools to convert them.
 */
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** Which image type of an .icns file holds which size; all of them hold a PNG. */
const ICNS_TYPES: [type: string, size: number][] = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];

const folder = import.meta.dirname;
const images = new Map<number, Buffer>();
for (const size of SIZES) {
  const image = await draw(size);
  images.set(size, image);
  await writeFile(join(folder, `${size}x${size}.png`), image);
}
await writeFile(join(folder, 'icon.icns'), packIcns());
await writeFile(join(folder, 'icon.ico'), packIco());

async function draw(size: number): Promise<Buffer> {
  const source = await readFile(join(folder, size <= 48 ? 'icon-small.svg' : 'icon.svg'));
  const drawn = sharp(source, { density: 288 }).resize(size, size);
  return drawn.png({ compressionLevel: 9 }).toBuffer();
}

function image(size: number): Buffer {
  const found = images.get(size);
  if (!found) throw new Error(`No icon of ${size} pixels was drawn.`);
  return found;
}

/** "icns", the file's length, then each image as type, length (header included) and bytes; lengths big-endian. */
function packIcns(): Buffer {
  const entries = ICNS_TYPES.map(([type, size]) => {
    const header = Buffer.alloc(8);
    header.write(type, 'latin1');
    header.writeUInt32BE(image(size).length + 8, 4);
    return Buffer.concat([header, image(size)]);
  });
  const header = Buffer.alloc(8);
  header.write('icns', 'latin1');
  header.writeUInt32BE(8 + entries.reduce((sum, entry) => sum + entry.length, 0), 4);
  return Buffer.concat([header, ...entries]);
}

/** Reserved, type 1 and count; per image 16 bytes (side with 0 for 256, planes, bits, length, offset); then the PNGs. */
function packIco(): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = 6 + 16 * ICO_SIZES.length;
  const directory = ICO_SIZES.map((size) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(image(size).length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += image(size).length;
    return entry;
  });
  return Buffer.concat([header, ...directory, ...ICO_SIZES.map(image)]);
}
