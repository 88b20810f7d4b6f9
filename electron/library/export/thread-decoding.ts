import { fromSentError, toSentError } from '../decoding/messages.ts';
import { DecoderError, type Decoding, type Operation } from '../decoding/operation.ts';
import { CONVERT_IMAGE } from '../pixels/operations.ts';
import type { DecodedMessage, DecodeMessage } from './messages.ts';

/** What an export's thread may ask for. */
const OPERATIONS: readonly Operation<never, unknown>[] = [CONVERT_IMAGE];

/** The library's decoding processes, as an export's thread uses them: through the application, one operation at a time. */
export class ThreadDecoding implements Pick<Decoding, 'run'> {
  readonly #send: (message: DecodeMessage) => void;
  #waiting: PromiseWithResolvers<unknown> | null = null;

  constructor(send: (message: DecodeMessage) => void) {
    this.#send = send;
  }

  /** The application ends the operation when it stops the thread. */
  run<Args, Result>(
    { name }: Operation<Args, Result>,
    args: Args,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Result> {
    signal?.throwIfAborted();
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting = waiting;
    this.#send({ kind: 'decode', operation: name, args });
    return waiting.promise.catch((thrown: unknown) => {
      signal?.throwIfAborted();
      throw thrown;
    }) as Promise<Result>;
  }

  receive(message: DecodedMessage): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (message.kind === 'decoded') waiting?.resolve(message.result);
    else if (message.failure) waiting?.reject(new DecoderError(message.failure));
    else waiting?.reject(fromSentError(message.error));
  }
}

/** Runs what an export's thread has asked for. Never rejects. */
export async function decodeForThread(
  decoding: Pick<Decoding, 'run'>,
  { operation, args }: DecodeMessage,
  signal: AbortSignal,
): Promise<DecodedMessage> {
  try {
    const known = OPERATIONS.find(({ name }) => name === operation);
    if (!known) throw new Error(`An export can’t ask for ${operation}.`);
    return { kind: 'decoded', result: await decoding.run(known, args as never, { signal }) };
  } catch (thrown) {
    const failure = thrown instanceof DecoderError ? thrown.failure : null;
    return { kind: 'undecoded', failure, error: toSentError(thrown) };
  }
}
