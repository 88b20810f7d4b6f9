// @ts-check
// `npm run dev`: the page with hot reload, and the host, which starts again when its sources change. Plain JavaScript, like start.mjs.
import { onNewEnoughNode, say } from './start/ready.mjs';

process.exitCode = await onNewEnoughNode(import.meta.url, process.argv.slice(2), dev);

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function dev(args) {
  const { readOptions } = await import('./start/options.mjs');
  const options = readOptions(args, process.env.INIT_CWD ?? process.cwd());
  if ('wrong' in options) {
    say(options.wrong);
    return 2;
  }
  const { DEV_HELP, runDev } = await import('./dev/run-dev.ts');
  if (options.help) {
    process.stdout.write(DEV_HELP);
    return 0;
  }
  return runDev(options);
}
