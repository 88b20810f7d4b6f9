import { fork, type ChildProcess } from 'node:child_process';
import { findEntry } from '../../disk/built-file.ts';
import type { DecoderProcess } from './decoding-pool.ts';
import type { DecodeReply } from './messages.ts';

/** Starts a decoding process with Node itself. */
export function forkDecoder(
  entry = findEntry(import.meta.dirname, '../decoder/main.ts', 'decoder.js'),
): DecoderProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    send: (request) => void child.send(request, () => undefined),
    onReply: (listener) => void child.on('message', (reply) => listener(reply as DecodeReply)),
    onExit: (listener) => onceEnded(child, listener),
    kill: () => void child.kill('SIGKILL'),
    keepAlive(keep) {
      if (keep) child.ref();
      else child.unref();
      if (keep) child.channel?.ref();
      else child.channel?.unref();
    },
  };
}

/** `error` comes instead of `exit` where the process could not be started. */
function onceEnded(child: ChildProcess, listener: (code: number | null) => void): void {
  let ended = false;
  const end = (code: number | null): void => {
    if (ended) return;
    ended = true;
    listener(code);
  };
  child.once('exit', end);
  child.on('error', () => {
    if (child.pid === undefined) end(null);
  });
}
