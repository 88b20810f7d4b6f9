import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';
import type { Size } from '../../stage/geometry.ts';
import { InputTray } from '../../request/tray/InputTray.svelte.ts';

/** Hash of a mask or markup file that is not created yet. */
const NOT_MADE = '0'.repeat(64) as Sha256;
/** Assumed size of such a file, bytes: far below every limit. */
const PLACEHOLDER_BYTES = 1024;

/**
 * The inputs of a draft. The first image is the one on the stage. Mask and markup are placeholders with the right size, for the form and the
 * estimate; their files are created when the request is sent.
 */
export class CanvasTray extends InputTray {
  constructor(studio: StudioApi) {
    super(studio, 1);
  }

  /** Replaces the first image; the references stay. */
  stage(image: InputImage): void {
    this.images = [image, ...this.images.slice(1).filter(({ sha256 }) => sha256 !== image.sha256)];
  }

  /** The images after the first one. */
  get references(): Input[] {
    return this.images.slice(1).map(({ sha256, image }) => ({ role: 'image', sha256, image }));
  }

  /** Sets the placeholder of the layer that will be sent. */
  plan(layer: 'mask' | 'markup' | null, size: Size): void {
    this.mask = layer === 'mask' ? planned('Mask', size, this.mask) : null;
    this.markup = layer === 'markup' ? planned('Markup', size, this.markup) : null;
  }
}

/** Returns the present placeholder if nothing changed, so that nothing reacts. */
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
