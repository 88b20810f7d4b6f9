import { expect, test } from 'vitest';
import type { InputDetails, InputImage } from '../../../../electron/contract/entities/inputs.ts';
import { prepareForStage } from '../../../../renderer/canvas/drafts/prepare-for-stage.ts';
import { input } from '../../request/tray/mounted-tray.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';

const details = (change: Partial<InputDetails>): InputDetails => ({
  depth: 8,
  colour: 'srgb',
  mask: { kind: 'photo', clear: 0, partial: 0 },
  carries: [],
  ...change,
});

/** What the library is asked to do with the image before it is on the stage; null: nothing. */
async function asked(image: InputImage, strips = true): Promise<unknown> {
  const script = scriptedStudio({ 'inputs.prepare': () => input(9) });
  await prepareForStage(script.studio, image, strips);
  return script.calls[0]?.payload ?? null;
}

const { sha256 } = input(1);

test('an image that a browser and a server show alike is opened as it is', async () => {
  expect(await asked(input(1))).toBeNull();
  expect(await asked(input(1, { details: details({ colour: 'profile', depth: 16, carries: ['other'] }) }))).toBeNull();
});

test('CMYK, colours by PNG chunks and animations become a plain PNG', async () => {
  expect(await asked(input(1, { format: 'jpeg', details: details({ colour: 'cmyk' }) }))).toEqual({
    sha256,
    format: 'png',
  });
  expect(await asked(input(1, { details: details({ colour: 'chunks' }) }))).toEqual({ sha256, format: 'png' });
  expect(await asked(input(1, { frames: 3 }))).toEqual({ sha256, format: 'png' });
});

test('a place is removed unless the person keeps it', async () => {
  const photo = input(1, { format: 'jpeg', details: details({ carries: ['location'] }) });
  expect(await asked(photo)).toEqual({ sha256, strip: true });
  expect(await asked(photo, false)).toBeNull();
});
