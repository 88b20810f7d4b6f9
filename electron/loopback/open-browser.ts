import open from 'open';
import { writeRedirectPage } from './redirect-page.ts';

/** The browser has read the page by then, or failed to start. */
const REMOVE_AFTER_MS = 60_000;

/** Whether a browser can be opened: not in CI, and not without a display. */
export function hasBrowser(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment['CI'] || environment['BROWSER'] === 'none') return false;
  if (platform === 'darwin' || platform === 'win32') return !environment['SSH_CONNECTION'];
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] || environment['WSL_DISTRO_NAME']);
}

/** Starts the browser with a URL. Other users of this computer can read its arguments. */
export type StartBrowser = (address: string) => Promise<unknown>;

/**
 * Opens the default browser on a file in this folder that redirects to the studio. A missing browser is no error, because the URL is
 * printed in the terminal.
 * @returns a function that deletes the file; it is also deleted after a minute
 */
export async function openBrowser(
  host: { url: string; port: number },
  folder: string,
  start: StartBrowser = startDefaultBrowser,
): Promise<() => Promise<void>> {
  try {
    const page = await writeRedirectPage(folder, host.port, host.url);
    // A failure is ignored: the file reveals no more than the tokens file next to it.
    const remove = (): Promise<void> => page.remove().catch(() => undefined);
    setTimeout(() => void remove(), REMOVE_AFTER_MS).unref();
    await start(page.address).catch(() => undefined);
    return remove;
  } catch {
    return async () => undefined; // the URL is in the terminal
  }
}

async function startDefaultBrowser(address: string): Promise<void> {
  const child = await open(address);
  child.on('error', () => undefined);
}
