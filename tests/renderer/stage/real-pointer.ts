import { cdp } from 'vitest/browser';

/** A place of the page under test, in its CSS pixels. */
export interface Place {
  x: number;
  y: number;
}

const NOTES = { shift: 8, ctrl: 2, alt: 1 } as const;

interface How {
  pen?: boolean;
  /** 0 to 1. */
  force?: number;
  modifiers?: readonly (keyof typeof NOTES)[];
  button?: 'left' | 'middle';
  clicks?: number;
  /** When it was made, seconds since 1970. Without it: when the browser hears of it, which on a busy machine is any time. */
  time?: number;
}

/** The page under test lies in a frame of the browser's page. */
function outer({ x, y }: Place): Place {
  const frame = window.frameElement?.getBoundingClientRect();
  const scale = frame ? frame.width / window.innerWidth : 1;
  return { x: (frame?.left ?? 0) + x * scale, y: (frame?.top ?? 0) + y * scale };
}

/** Real events of a mouse or a pen, as the browser makes them of the system's. */
async function mouse(
  type: 'mousePressed' | 'mouseReleased' | 'mouseMoved',
  at: Place,
  pressed: boolean,
  how: How = {},
): Promise<void> {
  const button = how.button ?? 'left';
  await cdp().send('Input.dispatchMouseEvent', {
    type,
    ...outer(at),
    button: pressed || type === 'mouseReleased' ? button : 'none',
    buttons: pressed ? (button === 'left' ? 1 : 4) : 0,
    clickCount: how.clicks ?? 1,
    modifiers: (how.modifiers ?? []).reduce((bits, name) => bits | NOTES[name], 0),
    ...(how.pen ? { pointerType: 'pen', force: how.force ?? 0.5 } : {}),
    ...(how.time === undefined ? {} : { timestamp: how.time }),
  });
}

export const press = (at: Place, how?: How): Promise<void> => mouse('mousePressed', at, true, how);
export const moveTo = (at: Place, how?: How): Promise<void> => mouse('mouseMoved', at, true, how);
export const hoverAt = (at: Place, how?: How): Promise<void> => mouse('mouseMoved', at, false, how);
export const release = (at: Place, how?: How): Promise<void> => mouse('mouseReleased', at, false, how);

/**
 * A double click of the mouse: the second click follows as soon as a person's would, however long a busy page takes for the first one. It
 * hits what is at that place then.
 */
export async function doubleClick(element: Element): Promise<void> {
  element.scrollIntoView({ block: 'nearest' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const at = { x: left + width / 2, y: top + height / 2 };
  const time = (performance.timeOrigin + performance.now()) / 1000;
  await hoverAt(at, { time });
  for (const clicks of [1, 2]) {
    const how = { clicks, time: time + clicks / 10 };
    await press(at, how);
    await release(at, how);
  }
}

/** Presses at the first place, goes through all, and lets go at the last. */
export async function drag(places: readonly Place[], how?: How): Promise<void> {
  const [first, ...others] = places;
  if (!first) return;
  await hoverAt(first, how);
  await press(first, how);
  for (const place of others) await moveTo(place, how);
  await release(places.at(-1) ?? first, how);
}

export async function wheel(at: Place, by: Place, modifiers: How['modifiers'] = []): Promise<void> {
  await cdp().send('Input.dispatchMouseEvent', {
    type: 'mouseWheel',
    ...outer(at),
    deltaX: by.x,
    deltaY: by.y,
    modifiers: modifiers.reduce((bits, name) => bits | NOTES[name], 0),
  });
}

/** Real fingers: all that are down, at their places. None: the last was lifted. */
export async function fingers(type: 'touchStart' | 'touchMove' | 'touchEnd', places: readonly Place[]): Promise<void> {
  const touchPoints = places.map((place, id) => ({ ...outer(place), id }));
  await cdp().send('Input.dispatchTouchEvent', { type, touchPoints });
}

/** The page is shown with so many pixels of the device for each CSS pixel. 0: as usual. */
export async function density(deviceScaleFactor: number): Promise<void> {
  if (deviceScaleFactor === 0) await cdp().send('Emulation.clearDeviceMetricsOverride');
  else {
    await cdp().send('Emulation.setDeviceMetricsOverride', {
      width: 0,
      height: 0,
      deviceScaleFactor,
      mobile: false,
    });
  }
}

/** Until what was asked for has been drawn. */
export const drawn = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
