import { parseArgs } from 'node:util';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { DEFAULT_SEED, makeLibrary } from './make-library.ts';

const USAGE = `Makes a library with any number of images, to try Emulsion at scale. The same seed and date give the same images.

  npm run make-library -- --count N --dir DIR

  --count N        how many images, 1 to 2,000,000
  --dir DIR        a new or empty folder
  --thumbnails N   how many of the newest images have files, 0 to 100,000 (2,000)
  --tags N         how many tags (300)
  --seed N         another library (${DEFAULT_SEED})
  --until DATE     the day after the newest image, YYYY-MM-DD (today)

Open it with: npm run dev -- --library DIR
`;

const OPTIONS = {
  count: { type: 'string' },
  dir: { type: 'string' },
  thumbnails: { type: 'string' },
  tags: { type: 'string' },
  seed: { type: 'string' },
  until: { type: 'string' },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}`);
    return 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const from = Date.now();
  try {
    const made = await makeLibrary({ ...options, signal: stop.signal, progress: showProgress(options.count) });
    const seconds = ((Date.now() - from) / 1000).toFixed(1);
    const stopped = made.images < options.count ? 'Stopped early; the library is complete with fewer images. ' : '';
    process.stderr.write(
      `\n${stopped}${english(made.images)} images of ${english(made.jobs)} jobs in ${made.dir}, ${seconds} s\n`,
    );
    return stopped === '' ? 0 : 130;
  } catch (thrown) {
    if (!(thrown instanceof StudioError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 1;
  }
}

interface Options {
  count: number;
  dir: string;
  thumbnails: number;
  tags?: number;
  seed?: number;
  until?: number;
}

/** The options, or what is wrong with them. */
function readOptions(args: string[]): Options | string {
  try {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (values.dir === undefined || values.count === undefined) return 'Give --count and --dir.';
    const until = values.until === undefined ? undefined : Date.parse(`${values.until}T00:00:00Z`);
    if (Number.isNaN(until)) return `--until is a date such as 2026-11-30, not ${values.until}.`;
    return {
      ...{ dir: values.dir, count: wholeNumber('count', values.count, 1, 2_000_000) },
      thumbnails: wholeNumber('thumbnails', values.thumbnails ?? '2000', 0, 100_000),
      ...(values.tags !== undefined && { tags: wholeNumber('tags', values.tags, 0, 100_000) }),
      ...(values.seed !== undefined && { seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1) }),
      ...(until !== undefined && { until }),
    };
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** @throws with a sentence */
function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text.replaceAll(/[_,]/gu, ''));
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} is a whole number from ${english(min)} to ${english(max)}, not ${text}.`);
}

/** One line that is written again in a terminal; elsewhere a line for each tenth. */
function showProgress(count: number): (images: number) => void {
  let shown = 0;
  return (images) => {
    const line = `${english(images)} of ${english(count)} images`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    else if (images - shown >= count / 10) {
      shown = images;
      process.stderr.write(`${line}\n`);
    }
  };
}

function english(number: number): string {
  return number.toLocaleString('en');
}
