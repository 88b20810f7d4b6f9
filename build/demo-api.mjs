// @ts-check
// `npm run demo-api`: builds what is missing, then runs the demo server alone.
import { join } from 'node:path';
import { built, onNewEnoughNode, ROOT } from './start/ready.mjs';

process.exitCode = await onNewEnoughNode(import.meta.url, process.argv.slice(2), async (args) => {
  if (!(await built())) return 1;
  const { runInPlace } = await import('./start/run.mjs');
  return (await runInPlace(process.execPath, [join(ROOT, 'dist/main/demo-api.js'), ...args])).code;
});
