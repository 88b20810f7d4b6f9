import { EventEmitter } from 'node:events';
import { readyBrowser } from './state.ts';

const DISPLAY = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
  scaleFactor: 1,
};

/** `screen`: one display, with a bar of 40 pixels at its bottom. */
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay(): typeof DISPLAY {
    readyBrowser();
    return DISPLAY;
  },
  getAllDisplays(): (typeof DISPLAY)[] {
    readyBrowser();
    return [DISPLAY];
  },
});
