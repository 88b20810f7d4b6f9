import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutFaketime } from './date-offset.ts';

/** A Chromium for tests, ready for Playwright's `launch`: `{ executablePath, args, env }`. */
export interface TestBrowser {
  executablePath: string;
  args: string[];
  /** The whole environment of the browser's process, with library and font paths where the bundled one needs them. */
  env: Record<string, string>;
  source: 'CHROMIUM' | 'installed' | 'bundled';
}

/** What to do about it, in one sentence for whoever runs the tests. */
export const NO_BROWSER =
  'No Chromium was found for the browser tests. Install Chromium, Google Chrome or Microsoft Edge, or set CHROMIUM to the path of one.';

/**
 * Finds a browser: `$CHROMIUM`, then an installed Chromium, Chrome or Edge, then the headless Chromium that comes with
 * the npm package @sparticuz/chromium (Linux x64). `EMULSION_BROWSER=bundled` or `=none` forces that answer.
 * Without a browser it answers null after a loud warning; in CI (`$CI`) it throws instead.
 */
export async function findBrowser(): Promise<TestBrowser | null> {
  const wanted = process.env['EMULSION_BROWSER'];
  const found = wanted === 'none' ? null : wanted === 'bundled' ? await bundledBrowser() : await anyBrowser();
  if (found) return found;
  if (process.env['CI']) throw new Error(`${NO_BROWSER} In CI the browser tests may not be skipped.`);
  console.warn(`\n  SKIPPED: every test that needs a browser.\n  ${NO_BROWSER}\n`);
  return null;
}

async function anyBrowser(): Promise<TestBrowser | null> {
  const named = process.env['CHROMIUM'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, and there is no such file.`);
    return { executablePath: named, args: ARGUMENTS, env: environment({}), source: 'CHROMIUM' };
  }
  const installed = installedPaths().find((path) => existsSync(path));
  if (installed) return { executablePath: installed, args: ARGUMENTS, env: environment({}), source: 'installed' };
  return bundledBrowser();
}

/** Playwright adds its own; these keep a full Chromium from using a GPU, asking questions or knocking at closed doors. */
const ARGUMENTS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update', '--disable-sync'];

function installedPaths(): string[] {
  if (process.platform === 'darwin') {
    const names = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
    const folders = ['/Applications', join(process.env['HOME'] ?? '', 'Applications')];
    return folders.flatMap((folder) => names.map((name) => join(folder, `${name}.app/Contents/MacOS/${name}`)));
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
    const tails = ['Chromium/Application/chrome.exe', 'Google/Chrome/Application/chrome.exe'];
    return folders.flatMap((folder) =>
      [...tails, 'Microsoft/Edge/Application/msedge.exe'].map((tail) => join(folder, tail)),
    );
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, '/usr/bin', '/usr/local/bin', '/snap/bin'].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  );
}

/** Unpacks @sparticuz/chromium once into node_modules/.cache; its own libraries and fonts fill in what the system lacks. */
async function bundledBrowser(): Promise<TestBrowser | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
  const { version } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8')) as { version: string };
  const cache = resolve(import.meta.dirname, '../node_modules/.cache/browser');
  const folder = join(cache, version);
  if (!existsSync(folder)) await unpack(join(packed, 'bin'), cache, folder);
  const additions: Record<string, string> = {};
  // Its libraries are older than a desktop's own: only where the system has none may they come first.
  if (!hasSystemLibraries()) {
    const inherited = process.env['LD_LIBRARY_PATH'];
    additions['LD_LIBRARY_PATH'] = [join(folder, 'al2023/lib'), ...(inherited ? [inherited] : [])].join(delimiter);
  }
  if (!hasSystemFonts()) additions['FONTCONFIG_FILE'] = join(folder, FONT_SETTINGS);
  return { executablePath: join(folder, 'chromium'), args: ARGUMENTS, env: environment(additions), source: 'bundled' };
}

const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/lib64', '/usr/lib'];

function hasSystemLibraries(): boolean {
  return ['libnss3.so', 'libnssutil3.so', 'libnspr4.so', 'libexpat.so.1'].every((name) =>
    LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, name))),
  );
}

function hasSystemFonts(): boolean {
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts'].filter((folder) => existsSync(folder));
  const isFont = (file: string): boolean => /\.(ttf|otf|ttc|pfb)$/.test(file);
  return (
    existsSync('/etc/fonts/fonts.conf') &&
    folders.some((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(isFont))
  );
}

/** The package's own settings look for its fonts in folders that are there on Amazon's machines only. */
const FONT_SETTINGS = 'emulsion-fonts.conf';
const FONT_SETTINGS_TEXT = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="relative">font-cache</cachedir></fontconfig>
`;

/** In a folder of its own first, and renamed when whole: two test runs at once, or one killed half-way, do no harm. */
async function unpack(bin: string, cache: string, folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'unpacking-'));
  const before = process.env['TMPDIR'];
  try {
    // The package unpacks to the system's temporary folder, which it asks for at every call.
    process.env['TMPDIR'] = temporary;
    const { inflate } = await import('@sparticuz/chromium');
    const files = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(files.map((file) => inflate(join(bin, file))));
    await writeFile(join(temporary, FONT_SETTINGS), FONT_SETTINGS_TEXT);
    await rename(temporary, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(temporary, { recursive: true, force: true });
  }
}

function environment(additions: Record<string, string>): Record<string, string> {
  const inherited = Object.entries(withoutFaketime(process.env)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(inherited), ...additions };
}
