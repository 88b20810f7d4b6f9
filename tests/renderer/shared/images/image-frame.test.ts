import { rgbaToThumbHash } from 'thumbhash';
import { expect, test, vi, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ImageFrame from '../../../../renderer/shared/images/ImageFrame.svelte';
import { placeholders } from '../../../../renderer/shared/images/thumbhash.ts';

/** An image of one colour, as a URL of this page. */
async function paintedImage(colour: string): Promise<string> {
  const canvas = new OffscreenCanvas(30, 20);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no images.');
  context.fillStyle = colour;
  context.fillRect(0, 0, 30, 20);
  return URL.createObjectURL(await canvas.convertToBlob());
}

/** A pixel of an image, as red, green, blue and alpha. */
async function pixelOf(src: string): Promise<Uint8ClampedArray | undefined> {
  const image = new Image();
  image.src = src;
  await image.decode();
  const context = new OffscreenCanvas(8, 8).getContext('2d');
  context?.drawImage(image, 0, 0, 8, 8);
  return context?.getImageData(2, 2, 1, 1).data;
}

function thumbhash(): string {
  const pixels = new Uint8Array(8 * 8 * 4).map((_, index) => (index % 4 === 0 || index % 4 === 3 ? 255 : 0));
  return btoa(String.fromCharCode(...rgbaToThumbHash(8, 8, pixels)));
}

test('the frame has its size and blurred colours before the image loads', async () => {
  const { container } = await render(ImageFrame, {
    src: null,
    alt: 'A red wall',
    width: 1536,
    height: 1024,
    thumbhash: thumbhash(),
  });
  const frame = container.querySelector('.frame');
  const { width, height } = frame?.getBoundingClientRect() ?? { width: 0, height: 1 };
  expect(width / height).toBeCloseTo(1.5, 2);
  const placeholder = container.querySelector<HTMLElement>('.frame [aria-hidden]');
  const blurred = () => /url\("(data:[^"]+)"\)/u.exec(placeholder?.style.background ?? '')?.[1];
  await expect.poll(blurred).toBeDefined();
  const pixel = await pixelOf(blurred() ?? '');
  expect(pixel?.[0]).toBeGreaterThan(200);
  expect(pixel?.[1]).toBeLessThan(60);
});

test('a placeholder is the image’s average colour at once; a damaged one is nothing', () => {
  const paint = (hash: string): string => {
    const element = document.createElement('div');
    placeholders.paint(element, hash)();
    return element.style.backgroundColor;
  };
  const [red, green] = (/rgb\((\d+), (\d+), \d+\)/u.exec(paint(thumbhash())) ?? []).slice(1).map(Number);
  expect(red).toBeGreaterThan(200);
  expect(green).toBeLessThan(60);
  expect([paint('%'), paint('AAA=')]).toEqual(['', '']);
});

test('a new state of an image fades in over the previous one', async () => {
  const [first, second] = [await paintedImage('red'), await paintedImage('blue')];
  const screen = await render(ImageFrame, { src: first, alt: 'A wall', width: 30, height: 20 });
  const shown = () =>
    [...screen.container.querySelectorAll('img.ready')].map((image) => (image as HTMLImageElement).src);
  await expect.poll(shown).toEqual([first]);
  await screen.rerender({ src: second });
  expect(shown()).toContain(first);
  await expect.poll(shown).toEqual([second]);
  await expect.element(page.getByRole('img', { name: 'A wall' })).toBeVisible();
  expect(screen.container.querySelectorAll('img')).toHaveLength(1);
});

test('an image that can’t be loaded says so and keeps its name', async () => {
  const onmissing = vi.fn();
  await render(ImageFrame, { src: 'blob:nothing', alt: 'A wall', width: 30, height: 20, onmissing });
  await expect.element(page.getByText('File missing')).toBeVisible();
  await expect.element(page.getByText('A wall')).toBeInTheDocument();
  expect(onmissing).toHaveBeenCalledOnce();
});

test('of many images that can’t be loaded, two at a time are looked for, and only while they are shown', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  vi.spyOn(window, 'fetch').mockImplementation(async (src) => {
    asked.push(new Request(src).url);
    await new Promise<void>((done) => answers.push(done));
    return new Response(null, { status: 404 });
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const frames = [];
  for (const number of [1, 2, 3, 4])
    frames.push(await render(ImageFrame, { src: `blob:gone-${number}`, alt: '', width: 30, height: 20 }));
  await expect.poll(() => asked).toEqual(['blob:gone-1', 'blob:gone-2']);
  await frames[2]?.unmount();
  answers.splice(0).forEach((done) => done());
  await expect.poll(() => asked).toEqual(['blob:gone-1', 'blob:gone-2', 'blob:gone-4']);
  await expect.poll(() => page.getByText('File missing').elements().length).toBe(2);
  answers.splice(0).forEach((done) => done());
  await expect.poll(() => page.getByText('File missing').elements().length).toBe(3);
});

test('an image that leaves the screen before it has loaded is no longer loaded', async () => {
  // So far below the screen that the browser leaves it for later: it can't have loaded.
  const above = document.createElement('div');
  above.style.height = '100000px';
  document.body.prepend(above);
  onTestFinished(() => above.remove());
  const src = await paintedImage('#070');
  const { container, unmount } = await render(ImageFrame, { src, alt: '', width: 30, height: 20, loading: 'lazy' });
  const image = container.querySelector('img');
  expect(image?.getAttribute('src')).toBe(src);
  await unmount();
  expect(image?.hasAttribute('src')).toBe(false);
});

test('an invalid thumbhash leaves a plain frame', async () => {
  await render(ImageFrame, { src: null, alt: 'A wall', width: 30, height: 20, thumbhash: '%%%' });
  await expect.element(page.getByText('A wall')).toBeInTheDocument();
});

test('load and error events after unmounting are ignored', async () => {
  const [onload, onmissing] = [vi.fn(), vi.fn()];
  const src = await paintedImage('#c00');
  const { container, unmount } = await render(ImageFrame, { src, alt: '', width: 1, height: 1, onload, onmissing });
  await expect.poll(() => onload.mock.calls.length).toBe(1);
  const image = container.querySelector('img');
  await unmount();
  image?.dispatchEvent(new Event('load'));
  image?.dispatchEvent(new Event('error'));
  expect(image).not.toBeNull();
  expect(onload).toHaveBeenCalledOnce();
  expect(onmissing).not.toHaveBeenCalled();
});

test('a damaged image says so even where the browser shows its beginning', async () => {
  const src = await paintedImage('#876');
  await render(ImageFrame, { src, alt: 'A wall', width: 0, height: 0, flaw: 'Damaged' });
  await expect.element(page.getByText('Damaged')).toBeVisible();
});

test('a file that is there and can’t be shown isn’t called missing', async () => {
  const src = URL.createObjectURL(new Blob(['no image'], { type: 'image/png' }));
  // The host's answer; an object URL has none to HEAD.
  const answer = new Response(null, { headers: { 'content-type': 'image/png' } });
  const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer);
  onTestFinished(() => asked.mockRestore());
  await render(ImageFrame, { src, alt: 'A wall', width: 30, height: 20 });
  await expect.element(page.getByText('Can’t be displayed')).toBeVisible();
  await expect.element(page.getByText('File missing')).not.toBeInTheDocument();
});
