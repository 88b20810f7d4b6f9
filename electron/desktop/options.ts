import { resolve } from 'node:path';

/** Options of the command line. */
export interface DesktopOptions {
  /** Absolute path; null: the folder from the settings, or the default. */
  libraryFolder: string | null;
  demo: boolean;
}

export type OptionsOutcome = { options: DesktopOptions } | { problem: string };

/** Switches of Chromium, Node and launchers, which any Electron program may receive. Ignored. */
const FOREIGN_SWITCHES =
  /^--(?:allow|auto|disable|enable|force|gpu|gtk|high-dpi|host|ignore|in-process|inspect|js-flags|lang|log|no|original|ozone|password-store|proxy|relauncher|remote|show|squirrel|trace|type|updated|use|user-data-dir|v|vmodule|wm)(?:[-=].*)?$/u;

/**
 * Parses `--library DIR` (or `--library=DIR`) and `--demo`.
 * @param args `process.argv` without the program's path
 * @param ownPaths 1 if Electron was started with an application path, which is then one of the arguments
 * @returns the options, or one line that explains an invalid argument
 */
export function parseOptions(args: readonly string[], workingFolder: string, ownPaths: 0 | 1): OptionsOutcome {
  const options: DesktopOptions = { libraryFolder: null, demo: false };
  let paths = 0;
  for (let at = 0; at < args.length; at += 1) {
    const [name = '', ...rest] = (args[at] ?? '').split('=');
    const attached = rest.length > 0 ? rest.join('=') : null;
    if (name === '--demo' && attached === null) options.demo = true;
    else if (name === '--library') {
      const value = attached ?? args[(at += 1)] ?? '';
      if (value === '' || value.startsWith('--')) return { problem: `--library needs a folder. ${USAGE}` };
      options.libraryFolder = resolve(workingFolder, value);
    } else if (FOREIGN_SWITCHES.test(args[at] ?? '') || name.startsWith('-psn_')) continue;
    else if (name.startsWith('-') || (paths += 1) > ownPaths)
      return { problem: `Unknown option “${args[at]}”. ${USAGE}` };
  }
  return { options };
}

const USAGE = 'Options: --library DIR, --demo.';
