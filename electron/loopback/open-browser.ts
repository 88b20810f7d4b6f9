import open from 'open';
import { writeRedirectPage } from './redirect-page.ts';

/** A browser that has not read the page by now never will. */
const REMOVE_AFTER_MS = 60_000;

/** Whether somebody sits in front of this machine: no browser opens in a build, or where there is no display. */
export function hasBrowser(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment['CI'] || environment['BROWSER'] === 'none') return false;
  if (platform === 'darwin' || platform === 'win32') return !environment['SSH_CONNECTION'];
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] || environment['WSL_DISTRO_NAME']);
}

/** Starts the browser with an address; every user of this machine can read what it was started with. */
export type StartBrowser = (address: string) => Promise<unknown>;

/**
 * Opens the default browser on the studio, by a page in this folder that sends it on. Not to have a browser is no error: the address stands
 * in the terminal. Gives what takes the page away, which also happens by itself after a minute.
 */
export async function openBrowser(
  host: { url: string; port: number },
  folder: string,
  start: StartBrowser = startDefaultBrowser,
): Promise<() => Promise<void>> {
  try {
    const page = await writeRedirectPage(folder, host.port, host.url);
    // Nobody waits for it, and what cannot be removed tells no more than the file of the tokens beside it.
    const remove = (): Promise<void> => page.remove().catch(() => undefined);
    setTimeout(() => void remove(), REMOVE_AFTER_MS).unref();
    await start(page.address).catch(() => undefined);
    return remove;
  } catch {
    return async () => undefined; // as said above
  }
}

async function startDefaultBrowser(address: string): Promise<void> {
  const child = await open(address);
  child.on('error', () => undefined);
}
