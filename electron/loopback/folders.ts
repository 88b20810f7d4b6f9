import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Folders {
  /** Settings, keys, tokens. The desktop uses the same one, so that both hosts know the same profiles. */
  preferences: string;
  /** The library where neither a command line nor the settings name one. */
  library: string;
}

/** The usual folders of this system. `EMULSION_HOME` puts both below one folder, for tests and for a portable set-up. */
export function usualFolders(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): Folders {
  const own = environment['EMULSION_HOME'];
  if (own) return { preferences: resolve(own, 'preferences'), library: resolve(own, 'library') };
  const pictures = join(home, 'Pictures');
  return {
    preferences: join(configFolder(environment, platform, home), 'Emulsion'),
    library: join(existsSync(pictures) ? pictures : home, 'Emulsion'),
  };
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
