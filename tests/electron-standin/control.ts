import { app } from './app.ts';
import { codec } from './codec.ts';
import * as electron from './electron.ts';
import { journal } from './journal.ts';

/** From `launch.ts` to the application. */
export interface Evaluate {
  id: number;
  /** Source text of a function of (electron, argument). */
  source: string;
  argument: string;
}

/** From the application to `launch.ts`. */
export type Report =
  | { type: 'ready'; endpoint: string }
  | { type: 'result'; id: number; value: string }
  | { type: 'error'; id: number; message: string };

export function report(message: Report): void {
  process.send?.(message);
}

/** Lets the test run functions in the main process, as Playwright does in Electron. They receive Electron's modules and the journal. */
export function listenToTest(): void {
  process.on('message', (message: Evaluate) => void evaluate(message));
  process.on('disconnect', () => void app.shutDown(0));
  process.on('SIGTERM', () => void app.shutDown(143));
}

async function evaluate({ id, source, argument }: Evaluate): Promise<void> {
  try {
    // Indirect: the function sees the globals and nothing of this module.
    const run = (0, eval)(`(${source})`) as (modules: object, argument: unknown) => unknown;
    const value = await run({ ...electron, journal }, codec.decode(argument));
    report({ type: 'result', id, value: codec.encode(value) });
  } catch (error) {
    report({ type: 'error', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
