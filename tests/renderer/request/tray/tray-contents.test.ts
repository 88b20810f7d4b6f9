import { describe, expect, test } from 'vitest';
import type { Input } from '../../../../electron/contract/entities/requests.ts';
import { fromInputs, toFacts, toInputs, uniqueImages } from '../../../../renderer/request/tray/tray-inputs.ts';
import { TrayContents } from '../../../../renderer/request/tray/TrayContents.svelte.ts';
import { input } from './mounted-tray.ts';

const [A, B, C] = [input(1), input(2), input(3)];

function contents(pinned = 0): TrayContents {
  const tray = new TrayContents(pinned);
  for (const image of [A, B, C]) tray.place(image, 'image');
  return tray;
}

describe('inputs', () => {
  test('are sent as references, mask and markup, with the changes made to them', () => {
    const prepared = input(4, { changes: ['Rotated.'] });
    const held = { images: [B, prepared], mask: A, markup: C };
    expect(toInputs(held)).toEqual([
      { role: 'image', sha256: B.sha256, image: null },
      { role: 'image', sha256: prepared.sha256, image: null, changes: ['Rotated.'] },
      { role: 'mask', sha256: A.sha256, image: null },
      { role: 'markup', sha256: C.sha256, image: null },
    ]);
    expect(toFacts(held).map(({ role }) => role)).toEqual(['image', 'image', 'mask', 'markup']);
  });

  test('of a record come back in its order, as that request used them, without lost files', () => {
    const sent: Input[] = [
      { role: 'image', sha256: B.sha256, image: null, changes: ['Cropped.'] },
      { role: 'image', sha256: C.sha256, image: null },
      { role: 'image', sha256: A.sha256, image: null },
      { role: 'image', sha256: B.sha256, image: null },
      { role: 'markup', sha256: A.sha256, image: null },
    ];
    const held = fromInputs(sent, [A, B]);
    expect(held).toEqual({ images: [{ ...B, changes: ['Cropped.'] }, A], mask: null, markup: A });
    expect(toInputs(held).map(({ role }) => role)).toEqual(['image', 'image', 'markup']);
  });

  test('are unique by their hash', () => {
    expect(uniqueImages([A, B, { ...A, name: 'copy' }])).toEqual([A, B]);
  });
});

describe('the contents', () => {
  test('take an image once', () => {
    const tray = contents();
    expect(tray.place({ ...B }, 'image')).toBe(false);
    expect(tray.images).toEqual([A, B, C]);
    expect(tray.announcement).toBe('image-2.png is already reference 2.');
  });

  test('keep pinned images in their place', () => {
    const tray = contents(1);
    expect(tray.move(0, 2)).toBe(0);
    expect(tray.move(2, 0)).toBe(1);
    tray.remove(0);
    expect(tray.images).toEqual([A, C, B]);
    tray.removeFrom(0);
    expect(tray.images).toEqual([A]);
    tray.clear();
    expect(tray.images).toEqual([A]);
  });

  test('replace an image in each of its roles', () => {
    const tray = contents();
    tray.place(A, 'mask');
    tray.replace(A, B);
    expect(tray.images).toEqual([B, C]);
    expect(tray.mask).toBe(B);
    expect(tray.markup).toBeNull();
  });
});
