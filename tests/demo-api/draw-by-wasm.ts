/**
 * Runs as a separate process, as on Linux in Electron: sharp's native build is hidden here and in the demo server's thread, so its
 * WebAssembly build is used. Prints which build that is, whether pixels have their own memory, and the results of six requests.
 */
import { startDemoWorker } from '../../electron/demo-api/launch.ts';
import { hideNativeSharp, threadImports } from '../../electron/desktop/native-sharp.ts';

Object.defineProperty(process.versions, 'electron', { value: '45.0.0' });
hideNativeSharp('linux');
const { default: sharp } = await import('sharp');
const { encode } = await import('../../electron/demo-api/drawing/encode.ts');
const { pixelsOf, resized } = await import('../../electron/demo-api/drawing/pixels.ts');
const { regionOfMask } = await import('../../electron/demo-api/drawing/region.ts');
const { bytesOf, sampleMaskPng, samplePng } = await import('./sample-images.ts');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
say('emscripten' in sharp.versions ? 'wasm' : 'native');

const box = { left: 300, top: 350, width: 400, height: 300 };
const [image, masking] = [Buffer.from(await samplePng(1024, 1024)), Buffer.from(await sampleMaskPng(1024, 1024, box))];
const mask = await pixelsOf(sharp(masking));
const made = [
  mask.data,
  (await resized(mask, 64, 64)).data,
  (await regionOfMask(mask, 128, 128)).data,
  await encode(mask, 'webp', 90),
];
say(made.every((data) => data.buffer instanceof ArrayBuffer) ? 'own memory' : 'windows');

/** In the thread: prints the loaded build to stderr. */
const witness = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load(url, context, next) {
  const build = /sharp-(?:wasm32|linux|darwin|win32)[^/]*\\.node/u.exec(url);
  if (build) writeSync(2, build[0] + '\\n');
  return next(url, context);
} });`;
const imports = [...threadImports('linux'), `data:text/javascript,${encodeURIComponent(witness)}`];
const worker = await startDemoWorker({ pace: 0, imports });

async function make(path: string, body: string | FormData): Promise<void> {
  const response = await fetch(`${worker.baseUrl}/images/${path}`, { method: 'POST', body });
  const answer = (await response.json()) as { data?: { b64_json: string }[] };
  for (const { b64_json } of answer.data ?? []) {
    const { format, width, height } = await sharp(bytesOf(b64_json)).metadata();
    say(`${format} ${width}x${height}`);
  }
}

const model = 'gpt-image-2.5-flare';
const create = (more: Record<string, unknown>): Promise<void> =>
  make('generations', JSON.stringify({ model, quality: 'low', prompt: 'a red flower', ...more }));
await create({ size: '2048x1152', n: 3 });
await create({ size: '1024x1024', output_format: 'jpeg' });
await create({ size: '1024x1024', background: 'transparent', output_format: 'webp' });
const form = new FormData();
form.set('model', model);
form.set('prompt', 'celadon glaze');
form.set('image', new Blob([new Uint8Array(image)]), 'image.png');
form.set('mask', new Blob([new Uint8Array(masking)]), 'mask.png');
await make('edits', form);
process.exit(0);
