import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface LoopbackOptions {
  /** Null: the default port, or any free one if it's in use. 0: any free one. */
  port: number | null;
  /** Absolute path; null: the folder from the settings, or the default. */
  library: string | null;
  demo: boolean;
  /** Opens a library whose database is missing or older than its files. */
  openAnyway: boolean;
  /** Rebuilds the library's database from its records first. */
  rebuild: boolean;
  /** Puts the newest snapshot in the place of the library's database first. */
  restoreSnapshot: boolean;
  /** Whether to open the default browser. */
  open: boolean;
}

/** Parses the command line. Returns the options, or one line that explains what is invalid. */
export function readOptions(args: string[]): LoopbackOptions | { problem: string } {
  try {
    const { values } = parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        library: { type: 'string' },
        demo: { type: 'boolean', default: false },
        'open-anyway': { type: 'boolean', default: false },
        rebuild: { type: 'boolean', default: false },
        'restore-snapshot': { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
      },
    });
    const { port, library } = values;
    if (port !== undefined && !(/^\d{1,5}$/u.test(port) && Number(port) <= 65_535)) {
      return { problem: `--port takes a number from 0 to 65535, not "${port}".` };
    }
    if (library?.trim() === '') return { problem: '--library takes a folder.' };
    return {
      port: port === undefined ? null : Number(port),
      library: library === undefined ? null : resolve(library),
      demo: values.demo,
      openAnyway: values['open-anyway'],
      rebuild: values.rebuild,
      restoreSnapshot: values['restore-snapshot'],
      open: !values['no-open'],
    };
  } catch (thrown) {
    return { problem: firstSentence(thrown) };
  }
}

/** The message of parseArgs without its advice about positional arguments. */
function firstSentence(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return `${text.split(/\.\s|\n/u, 1)[0]?.replace(/\.$/u, '') ?? text}. See npm start -- --help.`;
}
