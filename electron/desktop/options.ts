import { resolve } from 'node:path';

/** What the command line asks for. */
export interface DesktopOptions {
  /** Absolute; null: the folder of the settings, or the default. */
  libraryFolder: string | null;
  demo: boolean;
}

export type OptionsOutcome = { options: DesktopOptions } | { problem: string };

/** Switches that Chromium, Node or the system's launcher add to any Electron program. They are none of ours to judge. */
const FOREIGN_SWITCHES =
  /^--(?:allow|auto|disable|enable|force|gpu|gtk|high-dpi|host|ignore|in-process|inspect|js-flags|lang|log|no|original|ozone|password-store|proxy|relauncher|remote|show|squirrel|trace|type|updated|use|user-data-dir|v|vmodule|wm)(?:[-=].*)?$/u;

/**
 * Reads `--library DIR` (also as `--library=DIR`) and `--demo` from `process.argv` without the program's
 * own path. `ownPaths` is 1 where Electron was started with the path of an application, which then stands among the arguments.
 * A wrong option answers with one line that says what is wrong and what is taken.
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
