/**
 * Run as a process of its own, as on Linux inside Electron: see `thumbnails-by-wasm.ts`. Takes an image in, makes it ready in every way and
 * fits a mask, in the folder of the first argument, and prints the results.
 */
import { registerHooks } from 'node:module';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

registerHooks({
  resolve(specifier, context, next) {
    if (/^@img\/sharp-(?!wasm32)/u.test(specifier))
      throw Object.assign(new Error(specifier), { code: 'MODULE_NOT_FOUND' });
    return next(specifier, context);
  },
});
const { default: sharp } = await import('sharp');
const { openLibrary } = await import('../../../electron/library/library.ts');
const { addInput } = await import('../../../electron/library/inputs/add-input.ts');
const { prepareInput } = await import('../../../electron/library/inputs/prepare-input.ts');
const { fitMask } = await import('../../../electron/library/inputs/fit-mask.ts');

const library = await openLibrary(join(process.argv[2] ?? '', 'library'));
const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
const turned = sharp({ create: { width: 800, height: 600, channels: 3, background: '#345', noise } }).withMetadata({
  orientation: 6,
});
const bytes = Buffer.from(await turned.jpeg().toBuffer());
async function* body(): AsyncGenerator<Uint8Array> {
  yield bytes;
}
const source = await addInput(library, { body: body(), name: 'a.jpg', limit: 1e9, declared: null });
const lines = [`${'emscripten' in sharp.versions ? 'wasm' : 'native'} ${source.width}x${source.height}`];
for (const format of ['png', 'jpeg', 'webp'] as const) {
  for (const square of ['crop', 'pad'] as const) {
    const { sha256 } = source;
    const made = await prepareInput(library, { sha256, format, square, longestEdge: 500, below: 100_000 });
    const fits = made.bytes < 100_000 && made.width === made.height && made.width <= 500;
    lines.push(`${made.format} ${square} ${fits ? 'fits' : 'does not fit'}`);
  }
}
// Colours: 16 bits with a wide profile, converted and kept.
const { buildRgbProfile, SRGB_CURVE, SRGB_PRIMARIES } =
  await import('../../../electron/library/pixels/colour/icc-profile.ts');
const { profileChunk } = await import('../../../electron/library/pixels/colour/icc-profile.ts');
const { withChunks } = await import('../../../electron/library/pixels/colour/png-chunks.ts');
const { openPixels } = await import('../../../electron/library/pixels/colour/file-colour.ts');
const { readOwnPixels, readOwnSpace } = await import('../../../electron/library/pixels/colour/own-pixels.ts');
const P3 = { ...SRGB_PRIMARIES, red: [0.68, 0.32], green: [0.265, 0.69] } as const;
// Pure sRGB red in Display P3.
const red = Uint16Array.from({ length: 300 }, (_none, at) => [60_135, 13_127, 9083][at % 3] ?? 0);
const deep = sharp(red, { raw: { width: 10, height: 10, channels: 3 } }).toColourspace('rgb16');
const profile = buildRgbProfile('P3', P3, SRGB_CURVE) ?? Buffer.alloc(0);
const wide = join(process.argv[2] ?? '', 'wide.png');
await writeFile(wide, Buffer.concat(withChunks(Buffer.from(await deep.png().toBuffer()), [profileChunk(profile)])));
const shown = await (await openPixels(wide)).raw().toBuffer();
lines.push(
  `shown ${[...shown.subarray(0, 3)].map((value) => (value > 250 ? 'full' : value < 5 ? 'none' : value)).join(' ')}`,
);
const own = await readOwnPixels(wide, await readOwnSpace(wide));
lines.push(`own ${[...own.data.subarray(0, 4)].join(' ')}`);
const mask = await fitMask(library, { sha256: source.sha256, first: source.sha256, reads: 'white' });
lines.push(`mask ${mask.width}x${mask.height} ${mask.hasAlpha ? 'marks' : 'marks nothing'}`);
library.close();
process.stdout.write(`${lines.join('\n')}\n`);
process.exit(0);
