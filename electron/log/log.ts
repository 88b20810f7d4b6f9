import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppLog } from './app-log.ts';
import { cleanText } from './clean-text.ts';
import { describeError } from './describe-error.ts';
import { openRotatedFile } from './rotated-file.ts';

export type { AppLog, CallName, EndedLine, RequestOutcome, SentLine } from './app-log.ts';
export { runtimeVersions, startLine, systemVersion, withoutHome } from './system.ts';
export { createCallTimes, type CallTimes } from './call-times.ts';
export { logFolder } from './log-folder.ts';
export { watchStalls } from './stall-watch.ts';

/** From the most to the least important. A level includes those before it. */
const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LEVELS)[number];

export interface LogFile extends AppLog {
  /** Absolute path. The file is there once something was written and the folder could be used. */
  readonly path: string;
  /** The newest lines, oldest first: of the file, or of this run where the file cannot be read. */
  tail(lines: number): Promise<string[]>;
  /** Resolves when everything is written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LogOptions {
  folder: string;
  /** File name: each host has its own, since both can run at once. */
  name: string;
  level?: LogLevel;
  /** Size in bytes at which the file is rotated. */
  maxBytes?: number;
  /** How many rotated files are kept. */
  kept?: number;
  now?: () => Date;
  /** Writes an error to the terminal; stderr when left out. */
  terminal?: (sentence: string, thrown: unknown) => void;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;
const DEFAULT_KEPT = 4;
/** Calls of dispatch that take longer are slow, in milliseconds. */
const SLOW_CALL_MS = 100;
const MAX_LINES_IN_MEMORY = 200;
const TAIL_BYTES = 64 * 1024;

/** The level that a text names, or `info`. */
export function readLevel(text: string | undefined): LogLevel {
  return LEVELS.find((level) => level === text?.toLowerCase()) ?? 'info';
}

/** Opens the log. Never throws: where the folder cannot be used the terminal is told once, and the newest lines stay in memory. */
export function openLog(options: LogOptions): LogFile {
  const { folder, name, level = 'info', now = () => new Date(), terminal = writeToTerminal } = options;
  const path = join(folder, name);
  const memory: string[] = [];
  const file = openRotatedFile({
    folder,
    name,
    maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    kept: options.kept ?? DEFAULT_KEPT,
    onFailure: (error) => terminal(`The log ${path} cannot be written`, error),
  });

  const write = (at: LogLevel, text: string, more: readonly string[] = []): void => {
    if (LEVELS.indexOf(at) > LEVELS.indexOf(level)) return;
    const lines = [`${now().toISOString()} ${at.padEnd(5)} ${text}`, ...more.map((line) => `    ${line}`)];
    memory.push(...lines);
    memory.splice(0, memory.length - MAX_LINES_IN_MEMORY);
    file.write(`${lines.join('\n')}\n`);
  };

  return {
    path,
    error(sentence, thrown) {
      terminal(sentence, thrown);
      write('error', cleanText(sentence), describeError(thrown));
    },
    warn: (sentence) => write('warn', cleanText(sentence)),
    info: (sentence) => write('info', cleanText(sentence)),
    requestSent: ({ id, profile, bytes }) =>
      write('info', `request sent id=${field(id)} profile=${field(profile)} bytes=${round(bytes)}`),
    requestEnded: ({ id, profile, bytes, ms, outcome }) =>
      write(
        'info',
        `request ended id=${field(id)} profile=${field(profile)} bytes=${round(bytes)} ms=${round(ms)} outcome=${field(outcome)}`,
      ),
    call: ({ name: call, ms }) =>
      ms > SLOW_CALL_MS
        ? write('warn', `slow call name=${field(call)} ms=${round(ms)}`)
        : write('debug', `call name=${field(call)} ms=${round(ms)}`),
    stall: ({ calls, ms }) =>
      write('warn', `event loop stalled ms=${round(ms)} calls=${calls.map(field).join(',') || 'none'}`),
    async tail(lines) {
      await file.flush();
      return (await readEnd(path, lines)) ?? memory.slice(-lines);
    },
    flush: () => file.flush(),
    close: () => file.close(),
  };
}

/** Ids, codes and names of calls are made of these characters. Anything else is not written, whatever the compiler was told. */
function field(text: string): string {
  return /^[\w.:-]{1,64}$/u.test(text) ? text : '?';
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)) : '?';
}

/** The last lines of a file, or null where it cannot be read. */
async function readEnd(path: string, lines: number): Promise<string[] | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
      const all = buffer.toString('utf8', 0, bytesRead).split('\n');
      // The first line may be half a line; the last is empty.
      return all.slice(from > 0 ? 1 : 0, -1).slice(-lines);
    } finally {
      await file.close();
    }
  } catch {
    return null; // not written yet, or not readable
  }
}

function writeToTerminal(sentence: string, thrown: unknown): void {
  // As in the file: an error's causes may quote what a server or a person has sent.
  console.error([sentence, ...describeError(thrown)].join('\n'));
}
