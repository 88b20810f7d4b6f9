import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DecoderProcess } from './decoding-pool.ts';
import type { DecodeReply } from './messages.ts';

/** Starts a decoding process with Node itself. */
export function forkDecoder(entry = findEntry()): DecoderProcess {
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

/** In the source, or in the built application beside the bundle or one folder above its chunks. */
function findEntry(): string {
  const here = import.meta.dirname;
  const places = [join(here, '../decoder/main.ts'), join(here, 'decoder.js'), join(here, '../decoder.js')];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('The decoding process’ file was not found. Build the application again.');
  return found;
}
