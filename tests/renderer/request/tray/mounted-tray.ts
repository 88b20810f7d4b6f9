import { onTestFinished } from 'vitest';
import type { Outcome, UploadWatch } from '../../../../electron/contract/api.ts';
import type { ImageId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import { findModel, type Model } from '../../../../electron/contract/catalogue/models.ts';
import type { Operation, OutputFormat } from '../../../../electron/contract/catalogue/parameters.ts';
import '../../../../renderer/app.css';
import { InputTray } from '../../../../renderer/request/tray/InputTray.svelte.ts';
import Tray from '../../../../renderer/request/tray/Tray.svelte';
import type { ImagePicker } from '../../../../renderer/state/image-picker.svelte.ts';
import { StudioState } from '../../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { scriptedStudio, type ScriptedStudio } from '../../state/scripted-studio.ts';

/** An input; its number is its hash. */
export function input(number: number, change: Partial<InputImage> = {}): InputImage {
  return {
    sha256: number.toString(16).padStart(64, '0') as Sha256,
    image: null,
    name: `image-${number}.png`,
    format: 'png',
    bytes: 1_200_000,
    width: 1024,
    height: 1024,
    orientation: 1,
    frames: 1,
    hasAlpha: false,
    thumbhash: null,
    changes: [],
    ...change,
  };
}

/** A file on its way, which the test lets arrive, or be refused, or go on. */
interface Sending {
  name: string;
  watch: UploadWatch;
  end(outcome: Outcome): void;
}

export interface MountedTray {
  tray: InputTray;
  /** Stands for the person who chooses images of the library. */
  picker: ImagePicker;
  script: ScriptedStudio;
  /** Uploads in the order in which they began. */
  sending: Sending[];
  say(props: Partial<Shown>): Promise<void>;
}

interface Shown {
  operation: Operation;
  model: Model;
  format: OutputFormat | null;
}

/** The sections of the tray beside an empty page, on a scripted studio. */
export async function mountTray(
  images: readonly InputImage[] = [],
  answers: Parameters<typeof scriptedStudio>[0] = {},
  shown: Partial<Shown> = {},
): Promise<MountedTray> {
  const sending: Sending[] = [];
  const script = scriptedStudio(answers, (_file, name, watch = {}) => upload(sending, name, watch));
  const mirror = new StudioState(script.studio);
  onTestFinished(() => mirror.stop());
  await mirror.start();
  const tray = new InputTray(script.studio);
  tray.images = [...images];
  const all = { operation: 'edit' as const, model: findModel('gpt-image-2.6-sunburst'), format: null, ...shown };
  const { container, rerender } = await renderInApp(Tray, { studio: script.studio, mirror }, { tray, ...all });
  container.style.width = '372px';
  return { tray, picker: mirror.picker, script, sending, say: (props) => rerender({ ...all, ...props }) };
}

function upload(sending: Sending[], name: string, watch: UploadWatch): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    watch.signal?.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    sending.push({ name, watch, end: resolve });
  });
}

export function file(name: string, type = 'image/png'): File {
  return new File(['bytes'], name, { type });
}

/** What a drag or a paste carries. */
export function carrying(files: readonly File[], texts: Readonly<Record<string, string>> = {}): DataTransfer {
  const data = new DataTransfer();
  for (const one of files) data.items.add(one);
  for (const [type, text] of Object.entries(texts)) data.setData(type, text);
  return data;
}

export const IMAGE = '00000000-0000-7000-8000-000000000001' as ImageId;
