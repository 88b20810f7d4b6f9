// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * @typedef {{ code: number, output: string, signal: NodeJS.Signals | null, tookMs: number }} Ended
 */

/**
 * Runs a program in our place: it has our terminal, gets our signals, and its end is told. With `channel` it notices when we are
 * gone, however we went.
 * @param {string} program
 * @param {string[]} args
 * @param {{ environment?: NodeJS.ProcessEnv, channel?: boolean }} [options]
 * @returns {Promise<Ended>}
 */
export function runInPlace(program, args, { environment = process.env, channel = false } = {}) {
  const began = Date.now();
  const child = spawn(program, args, {
    env: environment,
    stdio: channel ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  // On Windows a key press reaches every program of the console, and a signal that is sent ends one at once.
  const forwards = process.platform !== 'win32';
  /** @type {(() => void)[]} */
  const listeners = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).map((signal) => {
    const forward = () => forwards && child.kill(signal);
    process.on(signal, forward);
    return () => void process.off(signal, forward);
  });
  listeners.push(watchParent(() => void child.kill('SIGTERM')));
  return new Promise((done) => {
    /** @param {Ended} ended */
    const end = (ended) => {
      for (const stop of listeners) stop();
      done(ended);
    };
    child.once('error', (error) => end({ code: 1, output: error.message, signal: null, tookMs: Date.now() - began }));
    child.once('exit', (code, signal) =>
      end({ code: exitCode(code, signal), output: '', signal, tookMs: Date.now() - began }),
    );
  });
}

/**
 * npm starts us through a shell, and a signal to npm ends that shell without a word to us. Then our parent is another one.
 * @param {() => void} onLost
 */
function watchParent(onLost) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onLost();
  }, 500);
  return () => clearInterval(timer);
}

/**
 * Runs a program quietly and gives what it said. Ended when it takes longer than `limitMs`, and when we are asked to end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ folder: string, limitMs: number, environment?: NodeJS.ProcessEnv }} options
 * @returns {Promise<Ended>}
 */
export function runQuietly(program, args, { folder, limitMs, environment = process.env }) {
  const began = Date.now();
  const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const timer = setTimeout(() => {
    output += `\nIt took longer than ${Math.round(limitMs / 1000)} seconds.`;
    child.kill('SIGKILL');
  }, limitMs);
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    child.kill('SIGKILL');
    process.exit(exitCode(null, signal));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return new Promise((done) => {
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      done({ code, output: output.trim(), signal: null, tookMs: Date.now() - began });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', (code, signal) => end(exitCode(code, signal)));
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
