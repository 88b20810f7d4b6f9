import { registerHooks } from 'node:module';

/** Complete in itself, because a thread gets it as text. */
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
 * On Linux inside Electron, makes sharp load its WebAssembly build. Its native one brings a second GLib into Electron's process, and
 * the two corrupt each other (electron#46323, sharp#4522). sharp falls back on its own when the native package cannot be found, so that is
 * what it is told. To be called before the first import of sharp; elsewhere it does nothing.
 */
export function hideNativeSharp(platform = process.platform, insideElectron = 'electron' in process.versions): void {
  if (isUnsafe(platform, insideElectron)) hide(registerHooks);
}

/** The same for a thread: modules that it has to load first (Node's `--import`), since hooks hold for the thread that set them. */
export function threadImports(platform = process.platform, insideElectron = 'electron' in process.versions): string[] {
  if (!isUnsafe(platform, insideElectron)) return [];
  const script = `import { registerHooks } from 'node:module';\n(${String(hide)})(registerHooks);`;
  return [`data:text/javascript,${encodeURIComponent(script)}`];
}
