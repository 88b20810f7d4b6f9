import { registerHooks } from 'node:module';

const HIDDEN = /^@img\/sharp-(?:libvips-)?linux/u;

/**
 * On Linux inside Electron, makes sharp load its WebAssembly build. Its native one brings a second GLib into Electron's process, and
 * the two corrupt each other (electron#46323, sharp#4522). sharp falls back on its own when the native package cannot be found, so that is
 * what it is told. To be called before the first import of sharp; elsewhere it does nothing.
 */
export function hideNativeSharp(platform = process.platform, insideElectron = 'electron' in process.versions): void {
  if (platform !== 'linux' || !insideElectron) return;
  registerHooks({
    resolve(specifier, context, next) {
      if (!HIDDEN.test(specifier)) return next(specifier, context);
      throw Object.assign(new Error(`${specifier} is hidden inside Electron on Linux.`), { code: 'MODULE_NOT_FOUND' });
    },
  });
}
