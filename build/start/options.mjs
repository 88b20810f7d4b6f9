// @ts-check
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const HELP = `npm start -- [options]

  --browser       Use the default browser instead of the desktop app.
  --library DIR   Open the library in this folder.
  --demo          Use the built-in demo server (no key, free).
  --rebuild       Rebuild the library's database from its records first (browser
                  only; the desktop app asks).
  --restore-snapshot
                  Put the newest snapshot in the place of the library's database
                  first (browser only; the desktop app asks).
  --open-anyway   Open a library whose database is missing or older than its
                  files (browser only; the desktop app asks).
  --port N        Port for the browser. Default: 47160, or any free port.
  --no-open       Print the address without opening a browser.
  --help          Show this help.
`;

/**
 * @typedef {{ browser: boolean, port: string | null, library: string | null, demo: boolean, openAnyway: boolean, rebuild: boolean, restoreSnapshot: boolean, noOpen: boolean, help: boolean }} StartOptions
 */

/**
 * The options of a command line, or what is wrong with them as one line.
 * @param {string[]} args
 * @param {string} folder what a relative folder is relative to
 * @returns {StartOptions | { wrong: string }}
 */
export function readOptions(args, folder) {
  try {
    const { values } = parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        browser: { type: 'boolean' },
        port: { type: 'string' },
        library: { type: 'string' },
        demo: { type: 'boolean' },
        'open-anyway': { type: 'boolean' },
        rebuild: { type: 'boolean' },
        'restore-snapshot': { type: 'boolean' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { port = null, library } = values;
    if (port !== null && !(/^\d{1,5}$/u.test(port) && Number(port) <= 65_535)) {
      return { wrong: `--port takes a number from 0 to 65535, not "${port}". ${HINT}` };
    }
    if (library !== undefined && library.trim() === '') return { wrong: `--library takes a folder. ${HINT}` };
    return {
      browser: values.browser ?? false,
      port,
      library: library === undefined ? null : resolve(folder, library),
      demo: values.demo ?? false,
      openAnyway: values['open-anyway'] ?? false,
      rebuild: values.rebuild ?? false,
      restoreSnapshot: values['restore-snapshot'] ?? false,
      noOpen: values['no-open'] ?? false,
      help: values.help ?? false,
    };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { wrong: `${(text.split(/\.\s|\n/u, 1)[0] ?? text).replace(/\.$/u, '')}. ${HINT}` };
  }
}

const HINT = 'Run npm start -- --help for all options.';

/**
 * The arguments for the loopback host.
 * @param {StartOptions} options
 */
export function loopbackArguments({ port, library, demo, openAnyway, rebuild, restoreSnapshot, noOpen }) {
  return [
    ...(port === null ? [] : [`--port=${port}`]),
    ...(library === null ? [] : [`--library=${library}`]),
    ...(demo ? ['--demo'] : []),
    ...(openAnyway ? ['--open-anyway'] : []),
    ...(rebuild ? ['--rebuild'] : []),
    ...(restoreSnapshot ? ['--restore-snapshot'] : []),
    ...(noOpen ? ['--no-open'] : []),
  ];
}

/**
 * The arguments for the desktop app, which has a window of its own instead of a port.
 * @param {StartOptions} options
 */
export function desktopArguments({ library, demo }) {
  return [...(library === null ? [] : [`--library=${library}`]), ...(demo ? ['--demo'] : [])];
}
