import { serve, serveOperations } from '../../../electron/library/decoding/serve-operations.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { CRASH, DEVOUR, ECHO, HANG, REFUSE, SLEEP } from './hostile-operations.ts';

/** Bytes. Less than in the application: no test needs gigabytes to show the same. */
const MAX_MEMORY = 500_000_000;

/** A decoding process that does everything a damaged file could make it do. */
serveOperations(
  [
    serve(ECHO, (words) => Promise.resolve({ words, pid: process.pid })),
    serve(HANG, () => {
      for (;;);
    }),
    serve(SLEEP, () => new Promise(() => undefined)),
    serve(CRASH, () => {
      process.kill(process.pid, 'SIGSEGV');
      return new Promise(() => undefined);
    }),
    serve(DEVOUR, async () => {
      const eaten: Buffer[] = [];
      for (;;) {
        eaten.push(Buffer.alloc(50_000_000, eaten.length));
        await new Promise((next) => setTimeout(next, 1));
      }
    }),
    serve(REFUSE, ({ as }) => {
      if (as === 'studio')
        throw new StudioError(
          { code: 'disk-full', message: 'Full.' },
          { cause: Object.assign(new Error('deep'), { code: 'ENOSPC' }) },
        );
      throw Object.assign(new Error('ordinary'), { code: 'EACCES' });
    }),
  ],
  MAX_MEMORY,
);
