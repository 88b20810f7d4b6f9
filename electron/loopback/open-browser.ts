import open from 'open';

/** Whether somebody sits in front of this machine: no browser opens in a build, or where there is no display. */
export function hasBrowser(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment['CI'] || environment['BROWSER'] === 'none') return false;
  if (platform === 'darwin' || platform === 'win32') return !environment['SSH_CONNECTION'];
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] || environment['WSL_DISTRO_NAME']);
}

/** Opens the default browser. Not to have one is no error: the address stands in the terminal. */
export async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url);
    child.on('error', () => undefined);
  } catch {
    // As said above.
  }
}
