import type { Combine } from '../mask/operations/mask-operation.ts';
import { readSettings, writeSettings, type StoredToolSettings } from './stored-tool-settings.ts';

/** Colours of the mask's overlay: the accent, and four for images where it is hard to see. */
export const MASK_COLOURS = ['#f0953a', '#3d9bff', '#e0489f', '#58c04a', '#ffffff'] as const;

/** Colours of marks; the first is the default. */
export const MARK_COLOURS = ['#e23b2e', '#2f6fe4', '#1f9d55', '#f2c230', '#ffffff', '#111111'] as const;

/** Settings of the tools, for all drafts; stored in localStorage. Controls bind to the fields. */
export class ToolSettings implements StoredToolSettings {
  /** Diameter of brush and eraser, image pixels. */
  brushSize = $state(96);
  /** 0 to 1. */
  softness = $state(0.2);
  /** The pen's pressure changes the diameter. */
  pressure = $state(true);
  /** What shapes do; brush and eraser always add and subtract. */
  combine = $state<Combine>('add');
  /** Similar colour: how far a channel may differ, 0 to 255. */
  tolerance = $state(24);
  /** Only pixels connected to the clicked one. */
  contiguous = $state(true);
  /** Distance of grow, shrink and feather, px. */
  distance = $state(8);
  /** `#rrggbb`, of the marks. */
  colour = $state<string>(MARK_COLOURS[0]);
  /** Line width of marks, image pixels. */
  lineWidth = $state(8);
  /** Font size of texts, image pixels. */
  textSize = $state(48);
  /** Aspect ratio of crop and extend (width / height); null: free. */
  ratio = $state<number | null>(null);
  /** How far the mask of an extended frame reaches into the image, px: the seam is regenerated. */
  overlap = $state(24);
  /** `#rrggbb`, of the mask's overlay. */
  maskColour = $state<string>(MASK_COLOURS[0]);
  /** Opacity of the overlay's fill, 0 to 1. */
  maskOpacity = $state(0.26);
  /** Whether the mask is shown; not stored, so that a mask is never hidden at start. */
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

  /** Stores all settings. In an effect it runs again after every change. */
  keep(): void {
    writeSettings(this);
  }
}
