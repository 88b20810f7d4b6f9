import { parseArgs } from 'node:util';
import { startDemoApi } from './server.ts';

const USAGE = 'Usage: npm run demo-api -- [--port N] [--pace N]';

/** Parses the command line. Invalid options end the process: one line, exit code 2. */
function readOptions(): { port: number; pace: number } {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, pace: { type: 'string' } },
      allowPositionals: false,
    });
    const port = Number(values.port ?? '0');
    const pace = Number(values.pace ?? '1');
    if (values.port === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error('--port is a number from 0 to 65535.');
    if (values.pace === '' || !Number.isFinite(pace) || pace < 0 || pace > 100)
      throw new Error('--pace is a number from 0 (at once) to 100; 1 is life-like.');
    return { port, pace };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${reason} ${USAGE}\n`);
    process.exit(2);
  }
}

const options = readOptions();
try {
  const api = await startDemoApi(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.close());
  process.stdout.write(`Demo Images API at ${api.baseUrl}\n`);
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = taken
    ? `Port ${options.port} is in use. Choose another with --port, or leave it out.`
    : `The demo server could not start: ${String(error)}`;
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
