import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';
import type { Size } from '../../stage/geometry.ts';
import { InputTray } from '../../request/tray/InputTray.svelte.ts';

/** Stands for bytes that are made only when the request is sent. */
const NOT_MADE = '0'.repeat(64) as Sha256;
/** What a mask's or a markup's file weighs at most where nothing is known of it, in bytes: far below every limit. */
const PLACEHOLDER_BYTES = 1024;

/**
 * The tray of a draft: its first image is the one on the stage, which stays where it is. Mask and markup are *planned*: what the form
 * and the estimate see of them before their bytes are made.
 */
export class CanvasTray extends InputTray {
  constructor(studio: StudioApi) {
    super(studio, 1);
  }

  /** Puts another image on the stage; the references stay. */
  stage(image: InputImage): void {
    this.images = [image, ...this.images.slice(1).filter(({ sha256 }) => sha256 !== image.sha256)];
  }

  /** The other images that go out. */
  get references(): Input[] {
    return this.images.slice(1).map(({ sha256, image }) => ({ role: 'image', sha256, image }));
  }

  /** Says what will go out besides the images, and how large it is. */
  plan(layer: 'mask' | 'markup' | null, size: Size): void {
    this.mask = layer === 'mask' ? planned('Mask', size, this.mask) : null;
    this.markup = layer === 'markup' ? planned('Markup', size, this.markup) : null;
  }
}

/** The one that is there where it says the same. */
function planned(name: string, { width, height }: Size, present: InputImage | null): InputImage {
  if (present?.sha256 === NOT_MADE && present.width === width && present.height === height) return present;
  return {
    sha256: NOT_MADE,
    image: null,
    name,
    format: 'png',
    bytes: PLACEHOLDER_BYTES,
    width,
    height,
    orientation: 1,
    frames: 1,
    hasAlpha: true,
    thumbhash: null,
    changes: [],
  };
}
