import type { ToolName } from './tool.ts';

/** A tool's name, shortcut and description. */
export interface ToolEntry {
  label: string;
  key: string;
  /** For screen readers. */
  use: string;
  /** It works on the mask. */
  masks: boolean;
  /** It works by clicks, without dragging. */
  clicks: boolean;
  cursor: 'default' | 'grab' | 'crosshair' | 'text' | 'brush';
}

const plain = { masks: false, clicks: false } as const;
const masks = { masks: true, clicks: false, cursor: 'crosshair' } as const;

export const TOOL_TABLE: Readonly<Record<ToolName, ToolEntry>> = {
  select: { label: 'Select', key: 'V', use: 'Selects and moves marks.', ...plain, cursor: 'default' },
  hand: { label: 'Hand', key: 'H', use: 'Moves the image.', ...plain, cursor: 'grab' },
  brush: { label: 'Brush', key: 'B', use: 'Marks the area to edit.', ...masks, cursor: 'brush' },
  eraser: { label: 'Eraser', key: 'E', use: 'Erases the mask.', ...masks, cursor: 'brush' },
  lasso: { label: 'Lasso', key: 'L', use: 'Marks the area inside a freehand line.', ...masks },
  polygon: { label: 'Polygon', key: 'P', use: 'Marks the area between corners.', ...masks, clicks: true },
  rectangle: { label: 'Rectangle', key: 'M', use: 'Marks a rectangle.', ...masks },
  ellipse: { label: 'Ellipse', key: 'O', use: 'Marks an ellipse.', ...masks },
  similar: { label: 'Similar colour', key: 'W', use: 'Marks pixels of a similar colour.', ...masks, clicks: true },
  pen: { label: 'Pen', key: 'D', use: 'Draws a line over the image.', ...plain, cursor: 'crosshair' },
  arrow: { label: 'Arrow', key: 'A', use: 'Draws an arrow over the image.', ...plain, cursor: 'crosshair' },
  box: { label: 'Box', key: 'R', use: 'Draws a box over the image.', ...plain, cursor: 'crosshair' },
  circle: { label: 'Circle', key: 'U', use: 'Draws a circle over the image.', ...plain, cursor: 'crosshair' },
  text: { label: 'Text', key: 'T', use: 'Adds text over the image.', ...plain, clicks: true, cursor: 'text' },
  crop: { label: 'Crop', key: 'C', use: 'Crops the image.', ...plain, cursor: 'default' },
  extend: { label: 'Extend', key: 'X', use: 'Extends the image.', ...plain, cursor: 'default' },
};

/** The groups of the tool rail, in order. */
export const TOOL_GROUPS: readonly (readonly ToolName[])[] = [
  ['select', 'hand'],
  ['brush', 'eraser', 'lasso', 'polygon', 'rectangle', 'ellipse', 'similar'],
  ['pen', 'arrow', 'box', 'circle', 'text'],
  ['crop', 'extend'],
];

/** The tool of a letter; null if there is none. */
export function toolOfKey(key: string): ToolName | null {
  const wanted = key.toUpperCase();
  return TOOL_GROUPS.flat().find((name) => TOOL_TABLE[name].key === wanted) ?? null;
}
