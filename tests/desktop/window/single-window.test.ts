import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSingleWindow, type SingleWindow } from '../../../electron/desktop/window/single-window.ts';

/** A minimal window that records its calls. */
class SmallWindow extends EventEmitter {
  calls: string[] = [];
  minimized = false;
  destroyed = false;
  loading = Promise.withResolvers<undefined>();
  isDestroyed = (): boolean => this.destroyed;
  isMinimized = (): boolean => this.minimized;
  restore = (): void => void this.calls.push('restore');
  show = (): void => void this.calls.push('show');
  focus = (): void => void this.calls.push('focus');
  async loadURL(address: string): Promise<void> {
    this.calls.push(`load ${address}`);
    await this.loading.promise;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('closed');
  }
}

const ADDRESS = 'app://emulsion/';
let made: SmallWindow[];
let ready: PromiseWithResolvers<undefined>;
let window: SingleWindow<SmallWindow>;
beforeEach(() => {
  made = [];
  ready = Promise.withResolvers();
  window = createSingleWindow(async () => {
    await ready.promise;
    const one = new SmallWindow();
    made.push(one);
    return one;
  }, ADDRESS);
});

/** Resolves when the window has started to load its page. */
async function begun(): Promise<{ first: SmallWindow; shown: Promise<void> }> {
  const shown = window.show();
  ready.resolve(undefined);
  await expect.poll(() => made.length).toBe(1);
  return { first: made[0]!, shown };
}

describe('createSingleWindow', () => {
  test('creates one window for concurrent calls', async () => {
    const shows = [window.show(), window.show()];
    expect(window.current()).toBeNull();
    shows.push(window.show());
    ready.resolve(undefined);
    await expect.poll(() => made[0]?.calls).toEqual([`load ${ADDRESS}`]);
    made[0]?.loading.resolve(undefined);
    await Promise.all(shows);
    expect(made).toHaveLength(1);
  });

  test('sets the window before its page loads, so the page’s first calls are accepted', async () => {
    const { first, shown } = await begun();
    await expect.poll(() => window.current()).toBe(first);
    first.loading.resolve(undefined);
    await shown;
  });

  test('focuses an existing window', async () => {
    const { first, shown } = await begun();
    first.loading.resolve(undefined);
    await shown;
    first.minimized = true;
    await window.show();
    expect(first.calls.slice(1)).toEqual(['restore', 'show', 'focus']);
    expect(made).toHaveLength(1);
  });

  test('opens a new window after it was closed', async () => {
    const { first, shown } = await begun();
    first.loading.resolve(undefined);
    await shown;
    first.destroy();
    expect(window.current()).toBeNull();
    const again = window.show();
    await expect.poll(() => made.length).toBe(2);
    made[1]?.loading.resolve(undefined);
    await again;
    expect(window.current()).toBe(made[1]);
  });

  test('ignores closing while loading, and rejects if the page can’t be loaded', async () => {
    const { first, shown } = await begun();
    first.destroy();
    first.loading.reject(new Error('ERR_ABORTED'));
    await shown;
    const again = window.show();
    await expect.poll(() => made.length).toBe(2);
    made[1]?.loading.reject(new Error('ERR_FAILED'));
    await expect(again).rejects.toThrow('ERR_FAILED');
  });
});
