import type { Combine } from '../mask/operations/mask-operation.ts';
import { readSettings, writeSettings, type StoredToolSettings } from './stored-tool-settings.ts';

/** Of the mask's overlay: the accent and four that stand out where it does not. */
export const MASK_COLOURS = ['#f0953a', '#3d9bff', '#e0489f', '#58c04a', '#ffffff'] as const;

/** The six colours of the markup; the first is the one that nobody has chosen. */
export const MARK_COLOURS = ['#e23b2e', '#2f6fe4', '#1f9d55', '#f2c230', '#ffffff', '#111111'] as const;

/** How the tools are set. One for all drafts; kept with the page. */
export class ToolSettings implements StoredToolSettings {
  /** Diameter of brush and eraser, in pixels of the image. */
  brushSize = $state(96);
  /** 0 to 1. */
  softness = $state(0.2);
  /** The pen's pressure changes the diameter. */
  pressure = $state(true);
  /** What shapes do; brush and eraser know it by themselves. */
  combine = $state<Combine>('add');
  /** Of the similar-colour tool: how far a channel may differ, 0 to 255. */
  tolerance = $state(24);
  /** Only what hangs together with the place that was clicked. */
  contiguous = $state(true);
  /** By how much grow, shrink and feather work, in pixels. */
  distance = $state(8);
  /** `#rrggbb`, of the marks. */
  colour = $state<string>(MARK_COLOURS[0]);
  /** Of a mark's line, in pixels of the image. */
  lineWidth = $state(8);
  /** Height of a text, in pixels of the image. */
  textSize = $state(48);
  /** Width to height of crop and extend; null: free. */
  ratio = $state<number | null>(null);
  /** How far the mask of an extended frame reaches into the image, in its pixels: the seam is made anew. */
  overlap = $state(24);
  /** `#rrggbb`, of the mask's overlay. */
  maskColour = $state<string>(MASK_COLOURS[0]);
  /** Of the overlay's fill, 0 to 1. */
  maskOpacity = $state(0.26);
  /** Whether the mask is drawn; not kept, so that nobody looks for a mask that is there. */
  maskShown = $state(true);

  constructor() {
    Object.assign(this, readSettings());
  }

  /** Changes one setting. */
  set<Name extends keyof StoredToolSettings>(name: Name, value: StoredToolSettings[Name]): void {
    Object.assign(this, { [name]: value });
  }

  /** How `StageView` draws the mask. */
  get overlay(): { colour: string; opacity: number; shown: boolean } {
    return { colour: this.maskColour, opacity: this.maskOpacity, shown: this.maskShown };
  }

  /** Keeps everything with the page. In an effect: it reads all of it, and so runs again when something changes. */
  keep(): void {
    writeSettings(this);
  }
}
