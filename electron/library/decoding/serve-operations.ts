import { MEMORY_EXIT_CODE, toSentError, type DecodeReply, type DecodeRequest } from './messages.ts';
import type { Operation } from './operation.ts';

/** A process that uses more memory than this, in bytes, ends. A strict mask on the largest images needs about half of it. */
const MAX_MEMORY = 2_500_000_000;
const MEMORY_CHECK_MS = 50;

type Implementation = (args: never) => Promise<unknown>;

/** An operation with the function that does it. */
export interface Served {
  name: string;
  run: Implementation;
}

export function serve<Args, Result>({ name }: Operation<Args, Result>, run: (args: Args) => Promise<Result>): Served {
  return { name, run };
}

/** The application's end of the line, the same for a process of Node and one of Electron. */
interface Port {
  send(reply: DecodeReply): void;
  onRequest(listener: (request: DecodeRequest) => void): void;
}

/** Electron's `process.parentPort`, which only its utility processes have. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/**
 * Runs in a decoding process: does what the application asks for, until the application ends or has had enough of it.
 * @param maxMemory bytes
 */
export function serveOperations(operations: readonly Served[], maxMemory = MAX_MEMORY): void {
  const known = new Map(operations.map(({ name, run }) => [name, run]));
  const port = openPort();
  watchMemory(maxMemory);
  port.onRequest(({ id, operation, args }) => {
    const run = known.get(operation);
    const work = async (): Promise<unknown> => {
      if (!run) throw new Error(`There is no operation ${operation}.`);
      return run(args as never);
    };
    work().then(
      (result) => port.send({ id, result }),
      (thrown: unknown) => port.send({ id, error: toSentError(thrown) }),
    );
  });
  port.send({ ready: true });
}

function openPort(): Port {
  const parent = (process as { parentPort?: ParentPort }).parentPort;
  if (parent)
    return {
      send: (reply) => parent.postMessage(reply),
      onRequest: (listener) => parent.on('message', ({ data }) => listener(data as DecodeRequest)),
    };
  process.on('disconnect', () => process.exit(0));
  return {
    // Without an application there is nobody to tell.
    send: (reply) => void process.send?.(reply, undefined, undefined, () => undefined),
    onRequest: (listener) => void process.on('message', (message) => listener(message as DecodeRequest)),
  };
}

/** sharp works on threads of its own, so this timer fires while it decodes. */
function watchMemory(maxMemory: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > maxMemory) process.exit(MEMORY_EXIT_CODE);
  }, MEMORY_CHECK_MS).unref();
}
