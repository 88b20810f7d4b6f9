import { registerHooks } from 'node:module';

/** Must not use anything outside this function: worker threads receive its source text. */
function hide(register: typeof registerHooks): void {
  register({
    resolve(specifier, context, next) {
      if (!/^@img\/sharp-(?:libvips-)?linux/u.test(specifier)) return next(specifier, context);
      throw Object.assign(new Error(`${specifier} is hidden inside Electron on Linux.`), { code: 'MODULE_NOT_FOUND' });
    },
  });
}

const isUnsafe = (platform: NodeJS.Platform, insideElectron: boolean): boolean =>
  platform === 'linux' && insideElectron;

/**
 * On Linux in Electron, makes sharp load its WebAssembly build: the native build brings a second GLib into Electron's process, and the
 * two corrupt memory (electron#46323, sharp#4522). sharp falls back to WebAssembly if its native package can't be resolved, so this
 * hides that package. Call it before the first import of sharp. Does nothing on other platforms.
 */
export function hideNativeSharp(platform = process.platform, insideElectron = 'electron' in process.versions): void {
  if (isUnsafe(platform, insideElectron)) hide(registerHooks);
}

/** Returns `data:` modules for a worker thread's `--import` that do the same, because module hooks apply per thread; [] if not needed. */
export function threadImports(platform = process.platform, insideElectron = 'electron' in process.versions): string[] {
  if (!isUnsafe(platform, insideElectron)) return [];
  const script = `import { registerHooks } from 'node:module';\n(${String(hide)})(registerHooks);`;
  return [`data:text/javascript,${encodeURIComponent(script)}`];
}
