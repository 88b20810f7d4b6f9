import sharp from 'sharp';
import { expect, test } from 'vitest';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { openTestStudio } from './test-studio.ts';

test('an image is framed; an invalid frame is refused as a bad payload', async () => {
  const { api, studio } = await openTestStudio();
  const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  const { sha256 } = await api.addInput(new Blob([new Uint8Array(bytes)]), 'a.png');
  const framing = { sha256, left: 0, top: 0, width: 48, height: 16 };
  const made = await api.inputs.frame(framing);
  expect(made).toMatchObject({ width: 48, height: 16, format: 'png', hasAlpha: true });
  const shown = await studio.serveImage(new Request(`http://emulsion/images/input/${made.sha256}`));
  expect((await sharp(await shown.arrayBuffer()).metadata()).width).toBe(48);

  for (const wrong of [{ width: 0 }, { width: 16_385 }, { left: 0.5 }, { top: Number.NaN }, { height: '16' }]) {
    const refused = await api.inputs
      .frame({ ...framing, ...wrong } as typeof framing)
      .catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(StudioError);
    expect((refused as StudioError).code).toBe('bad-payload');
  }
});
