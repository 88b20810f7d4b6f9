// @ts-check
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, packagedNode, tooOld } from './node-version.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {string} line */
export const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * Runs `main` where this Node is new enough, else the same script by the Node that came with the packages, else says what is needed.
 * @param {string} script the address of the calling file
 * @param {string[]} args
 * @param {(args: string[]) => Promise<number>} main gives the exit code
 * @returns {Promise<number>} the exit code
 */
export async function onNewEnoughNode(script, args, main) {
  if (isNewEnough(process.versions.node)) return main(args);
  const newer = packagedNode(ROOT);
  if (newer && newer !== process.execPath) {
    const { runInPlace } = await import('./run.mjs');
    return (await runInPlace(newer, [fileURLToPath(script), ...args])).code;
  }
  say(tooOld(process.versions.node));
  return 2;
}

/** @returns {Promise<boolean>} whether all is built; otherwise it has been said why not */
export async function built() {
  const { buildIfNeeded } = await import('./built.mjs');
  const problem = await buildIfNeeded(ROOT, say);
  if (problem) say(problem);
  return !problem;
}
