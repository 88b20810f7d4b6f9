import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Folders {
  /** Settings, keys, tokens. The desktop uses the same one, so that both hosts know the same profiles. */
  preferences: string;
  /** The library where neither a command line nor the settings name one. */
  library: string;
}

/** The usual folders of this system. `EMULSION_HOME` puts both below one folder, for tests and for a portable set-up. */
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

/** Linux desktops name the folder in the person's language. The desktop app follows that name, so this host has to as well. */
function xdgMediaFolder(config: string, home: string): string | null {
  try {
    const text = readFileSync(join(config, 'user-dirs.dirs'), 'utf8');
    const named = /^\s*XDG_PICTURES_DIR="(\$HOME)?(\/[^"\n]*)"/mu.exec(text);
    return named ? join(named[1] ? home : '/', named[2] ?? '') : null;
  } catch {
    return null; // no such file: most servers
  }
}

function configFolder(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  // The standard says that a relative XDG_CONFIG_HOME is to be ignored.
  const xdg = environment['XDG_CONFIG_HOME'];
  return xdg?.startsWith('/') ? xdg : join(home, '.config');
}
