// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { runQuietly } from './run.mjs';

/** A slow line needs minutes for the 120 MB; one that is closed shows itself by the first knock. */
const FETCH_LIMIT_MS = 300_000;
const KNOCK_LIMIT_MS = 5_000;

/**
 * Why no window can open here, as the first half of a sentence, or null.
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} [platform]
 * @param {number | undefined} [user]
 */
export function whyNoWindow(environment, platform = process.platform, user = process.getuid?.()) {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'No display was found';
  return user === 0 ? 'Electron can’t run as root' : null;
}

/**
 * Electron's program, or null where it was never fetched. Its package's own index is not asked: it would fetch at once.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 */
export function findElectron(root, environment) {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const path = join(environment.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist'), name);
    return name !== '' && existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * Fetches Electron's program, which its package does not carry. Gives why it could not, as the first half of a sentence, or null.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>}
 */
export async function fetchElectron(root, environment, say) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return 'Electron isn’t installed';
  if (environment.CI || environment.ELECTRON_SKIP_BINARY_DOWNLOAD) return 'Electron hasn’t been downloaded';
  if (!namesOtherWay(environment) && !(await answers('github.com', 443))) {
    return 'Electron hasn’t been downloaded, and GitHub doesn’t respond';
  }
  say('Downloading Electron from GitHub (once, about 120 MB)');
  const { code } = await runQuietly(process.execPath, [installer], {
    folder: root,
    limitMs: FETCH_LIMIT_MS,
    environment,
  });
  return code === 0 && findElectron(root, environment) ? null : 'Electron couldn’t be downloaded from GitHub';
}

/**
 * A mirror or a proxy is set, so that a knock at GitHub's own door proves nothing.
 * @param {NodeJS.ProcessEnv} environment
 */
function namesOtherWay(environment) {
  return Object.entries(environment).some(
    ([name, value]) => value && /^(?:npm_config_)?(?:electron_(?:mirror|get_use_proxy)|https?_proxy)$/iu.test(name),
  );
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(host, port) {
  return new Promise((done) => {
    const socket = connect({ host, port });
    /** @param {boolean} open */
    const end = (open) => {
      clearTimeout(timer);
      socket.destroy();
      done(open);
    };
    const timer = setTimeout(() => end(false), KNOCK_LIMIT_MS);
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
