import { EventEmitter } from 'node:events';

/** `nativeTheme` on a system with a light theme. Windows listen to `updated` and inform Chromium. */
class NativeTheme extends EventEmitter {
  #source: 'system' | 'dark' | 'light' = 'system';

  get themeSource(): 'system' | 'dark' | 'light' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'dark' | 'light') {
    const changed = source !== this.#source;
    this.#source = source;
    if (changed) queueMicrotask(() => this.emit('updated'));
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}

export const nativeTheme = new NativeTheme();
