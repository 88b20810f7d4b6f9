/**
 * Run as a process of its own, as on Linux inside Electron: see `thumbnails-by-wasm.ts`. Takes an image in, makes it ready in every way and
 * fits a mask, in the folder of the first argument, and prints the results.
 */
import { registerHooks } from 'node:module';
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
const mask = await fitMask(library, { sha256: source.sha256, first: source.sha256, reads: 'white' });
lines.push(`mask ${mask.width}x${mask.height} ${mask.hasAlpha ? 'marks' : 'marks nothing'}`);
library.close();
process.stdout.write(`${lines.join('\n')}\n`);
process.exit(0);
