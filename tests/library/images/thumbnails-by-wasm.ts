/**
 * Run as a process of its own, as on Linux inside Electron: sharp's native build is hidden before the library is loaded, so that the
 * WebAssembly one is taken. Creates thumbnails in the folder of the first argument repeatedly and prints the results.
 */
import { writeFileSync } from 'node:fs';
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
const { renderThumbnails } = await import('../../../electron/library/pixels/decode.ts');

const [, , folder = ''] = process.argv;
const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
const image = sharp({ create: { width: 800, height: 600, channels: 3, background: '#345', noise } });
const formats = ['png', 'jpeg', 'webp', 'gif'] as const;
for (const format of formats)
  writeFileSync(join(folder, format), Buffer.from(await image.clone().toFormat(format).toBuffer()));
writeFileSync(
  join(folder, 'svg'),
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 6"><circle cx="4" cy="3" r="2"/></svg>',
);

const sizes = new Set<string>();
let own = true;
for (let round = 0; round < 4; round += 1) {
  for (const format of [...formats, 'svg' as const]) {
    const thumbnails = await renderThumbnails(join(folder, format), format);
    // A view of WebAssembly's whole memory isn't an ArrayBuffer.
    own &&= thumbnails?.preview.buffer instanceof ArrayBuffer && thumbnails.thumbnail.buffer instanceof ArrayBuffer;
    const { width, height } = await sharp(Buffer.from(thumbnails?.preview ?? [])).metadata();
    sizes.add(`${width}x${height}`);
  }
}
process.stdout.write(
  `${'emscripten' in sharp.versions ? 'wasm' : 'native'} ${[...sizes].join()} ${own ? 'own memory' : 'windows'}\n`,
);
process.exit(0);
