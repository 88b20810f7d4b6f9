import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Folders {
  /** Settings, keys and tokens. The same folder as the desktop's, so both hosts share profiles. */
  preferences: string;
  /** The default library folder. */
  library: string;
}

/** Returns the system's default folders. `EMULSION_HOME` moves both into one folder, for tests and portable installations. */
export function defaultFolders(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): Folders {
  const own = environment['EMULSION_HOME'];
  if (own) return { preferences: resolve(own, 'preferences'), library: resolve(own, 'library') };
  const config = configFolder(environment, platform, home);
  const images = platform === 'linux' ? xdgMediaFolder(config, home) : null;
  return { preferences: join(config, 'Emulsion'), library: join(images ?? join(home, 'Pictures'), 'Emulsion') };
}

/** The Pictures folder from XDG user-dirs, which Linux desktops localize; the desktop app uses it too. Null if not configured. */
function xdgMediaFolder(config: string, home: string): string | null {
  try {
    const text = readFileSync(join(config, 'user-dirs.dirs'), 'utf8');
    const named = /^\s*XDG_PICTURES_DIR="(\$HOME)?(\/[^"\n]*)"/mu.exec(text);
    return named ? join(named[1] ? home : '/', named[2] ?? '') : null;
  } catch {
    return null; // no such file, as on most servers
  }
}

function configFolder(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  // The XDG specification requires that a relative XDG_CONFIG_HOME is ignored.
  const xdg = environment['XDG_CONFIG_HOME'];
  return xdg?.startsWith('/') ? xdg : join(home, '.config');
}
