import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { imageAsPng } from '../../../electron/library/images/image-as-png.ts';
import { serveImage } from '../../../electron/studio/routes/serve-image.ts';
import { reportOf, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';

const svg = (inside: string, root = 'width="300" height="200"'): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${root}>${inside}</svg>`,
  );
const red = '<rect width="100%" height="100%" fill="#f00"/>';

async function firstPixel(png: Uint8Array): Promise<number[]> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, Math.min(3, info.channels))];
}

/** Counts incoming requests. */
async function countingServer(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('an image as PNG', () => {
  it('renders an SVG at 2,048 pixels, or its own size if larger', async () => {
    const library = await testLibrary();
    const sizes: [string, number, number][] = [
      ['width="300" height="200"', 2048, 1365],
      ['viewBox="0 0 1 2"', 1024, 2048],
      ['width="3000" height="1500"', 3000, 1500],
      ['width="90000" height="45000"', 4096, 2048],
    ];
    for (const [root, width, height] of sizes) {
      const { id } = await savedImage(library, { bytes: svg(red, root) });
      const png = await imageAsPng(library, id);
      expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width, height });
      expect(await firstPixel(png)).toEqual([255, 0, 0]);
    }
  });

  it('keeps pixels, and uses the first frame of an animation', async () => {
    const library = await testLibrary();
    const pixels = await savedImage(library, { bytes: await smallPng(9, 7) });
    expect(await sharp(await imageAsPng(library, pixels.id)).metadata()).toMatchObject({ width: 9, height: 7 });
    const frames = await sharp(Buffer.concat([Buffer.alloc(192, 0), Buffer.alloc(192, 255)]), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .gif()
      .toBuffer();
    const moving = await savedImage(library, { bytes: frames });
    const still = await imageAsPng(library, moving.id);
    expect(await sharp(still).metadata()).toMatchObject({ width: 8, height: 8, format: 'png' });
    expect(await firstPixel(still)).toEqual([0, 0, 0]);
  });

  it('fails with a sentence if it can’t be rendered', async () => {
    const library = await testLibrary();
    const costly = await savedImage(library, { bytes: svg('<filter id="a"><feTurbulence/></filter>') });
    expect(await reportOf(() => imageAsPng(library, costly.id))).toMatchObject({ code: 'unsupported-here' });
    const broken = await savedImage(library, { bytes: (await smallPng(90, 90)).subarray(0, 900) });
    expect(await reportOf(() => imageAsPng(library, broken.id))).toMatchObject({ code: 'image-undecodable' });
    const gone = await savedImage(library, { bytes: svg(red) });
    rmSync(originalPath(library.folder, withBytes(library, gone).sha256, 'svg'));
    expect(await reportOf(() => imageAsPng(library, gone.id))).toMatchObject({ code: 'file-missing' });
    const nobody = '00000000-0000-7000-8000-000000000001' as ImageId;
    expect(await reportOf(() => imageAsPng(library, nobody))).toMatchObject({ code: 'not-found' });
  });
});

describe('a hostile SVG', () => {
  it('runs no script, reads no file and fetches nothing while it is rendered', async () => {
    const { url, asked } = await countingServer();
    const library = await testLibrary();
    const secret = join(library.folder, 'secret.png');
    writeFileSync(
      secret,
      await sharp({ create: { width: 9, height: 9, channels: 3, background: '#0f0' } })
        .png()
        .toBuffer(),
    );
    const file = pathToFileURL(secret).href;
    const tricks = [
      `<script>fetch('${url}/script')</script>`,
      `<style>@import url('${url}/style'); rect { fill: url('${url}/paint#a') }</style>`,
      `<use xlink:href="${url}/use#a"/><use href="${file}#a"/>`,
      `<a xlink:href="${url}/link"><rect width="9" height="9" onload="fetch('${url}/event')"/></a>`,
      `<text style="font-family: a; src: url(${url}/font)">a</text>`,
    ];
    for (const trick of tricks) {
      const { id } = await savedImage(library, { bytes: svg(`${red}${trick}`) });
      const png = await imageAsPng(library, id);
      expect((await firstPixel(png))[1]).toBe(0);
    }
    // Embedded images aren't rendered at all, wherever they are.
    for (const href of [file, `${url}/image`, 'secret.png']) {
      const { id } = await savedImage(library, { bytes: svg(`<image href="${href}" width="9" height="9"/>`) });
      expect(await reportOf(() => imageAsPng(library, id))).toMatchObject({ code: 'unsupported-here' });
    }
    expect(asked).toEqual([]);
  });
});

describe('the URL of an image as PNG', () => {
  const unexpected = (sentence: string): void => expect.unreachable(sentence);
  const ask = async (path: string, method = 'GET') => {
    const library = await testLibrary();
    const { id } = await savedImage(library, { bytes: svg(red) });
    return serveImage(library, new Request(`http://emulsion/images/${path.replace('ID', id)}`, { method }), unexpected);
  };

  it('returns a PNG', async () => {
    const answer = await ask('png/ID');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await sharp(await answer.arrayBuffer()).metadata()).toMatchObject({ format: 'png', width: 2048 });
  });

  it('returns an error as a sentence, and ignores invalid ids', async () => {
    const missing = await ask('png/00000000-0000-7000-8000-000000000001');
    expect([missing.status, await missing.text()]).toEqual([404, 'This image is no longer in the library.']);
    for (const path of ['png/..', 'png/', 'png/ID/x', 'PNG/ID', 'png/00000000-0000-0000-0000-00000000000g'])
      expect((await ask(path)).status).toBe(404);
    expect((await ask('png/ID', 'POST')).status).toBe(405);
  });
});
