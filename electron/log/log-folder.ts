import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of the log file: `~/Library/Logs/Emulsion` on macOS, where its users and Console look for logs; elsewhere `logs` in the folder of
 * the settings. With `EMULSION_HOME` everything is below that folder, on macOS too.
 */
export function logFolder(
  preferencesFolder: string,
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const portable = Boolean(environment['EMULSION_HOME']);
  return platform === 'darwin' && !portable
    ? join(home, 'Library', 'Logs', 'Emulsion')
    : join(preferencesFolder, 'logs');
}
