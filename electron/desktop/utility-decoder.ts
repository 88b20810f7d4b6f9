import type { UtilityProcess, utilityProcess } from 'electron';
import { findEntry } from '../disk/built-file.ts';
import type { DecoderProcess } from '../library/decoding/decoding-pool.ts';
import type { DecodeReply } from '../library/decoding/messages.ts';

/**
 * Starts a decoding process as a utility process of Electron: the packaged application can't run as Node, so it can't fork. Only after
 * the application is ready.
 */
export function startUtilityDecoder(
  fork: typeof utilityProcess.fork,
  entry = findEntry(import.meta.dirname, 'decoder.ts', 'desktop-decoder.js'),
): DecoderProcess {
  const child = fork(entry, [], { serviceName: 'Emulsion decoder', stdio: 'inherit' });
  return {
    send: (request) => child.postMessage(request),
    onReply: (listener) => void child.on('message', (reply: DecodeReply) => listener(reply)),
    onExit: (listener) => void child.once('exit', (code) => listener(code)),
    kill: () => killAtOnce(child),
    // It never keeps the application alive, and ends with it.
    keepAlive: () => undefined,
  };
}

/** `kill()` asks; native code that is running wouldn't hear it. */
function killAtOnce(child: UtilityProcess): void {
  const { pid } = child;
  if (pid === undefined) {
    // It hasn't started, or it has ended.
    child.once('spawn', () => killAtOnce(child));
    return;
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    child.kill();
  }
}
