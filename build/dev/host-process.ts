import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A host that has not ended by then is killed, in milliseconds. */
const END_LIMIT_MS = 10_000;

export interface HostCommand {
  program: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
}

export interface HostProcess {
  /** Ends the running host, if there is one, and starts it. Calls while that is going on become one more restart. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/**
 * Runs a host that can be started again and again.
 * @param said called with everything that it writes to stdout
 * @param ended called with the exit code when it ends by itself
 */
export function createHostProcess(
  command: HostCommand,
  said: (text: string) => void,
  ended: (code: number) => void,
): HostProcess {
  let child: ChildProcess | null = null;
  let stopped = false;
  /** Counts what was asked for, so that a restart during a restart is not lost. */
  let asked = 0;
  let turn: Promise<void> | null = null;

  function start(): void {
    const started = spawn(command.program, command.args, {
      env: command.environment,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child = started;
    started.stdout?.setEncoding('utf8').on('data', said);
    started.once('error', (error) => {
      console.error(error.message);
      if (child === started) ended(1);
    });
    started.once('exit', (code) => {
      if (child !== started) return;
      child = null;
      ended(code ?? 1);
    });
  }

  async function end(): Promise<void> {
    const old = child;
    child = null;
    if (!old || old.exitCode !== null || old.signalCode !== null) return;
    const gone = once(old, 'exit');
    old.kill('SIGTERM');
    const timer = setTimeout(() => old.kill('SIGKILL'), END_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  }

  async function run(): Promise<void> {
    for (let answered = -1; answered !== asked;) {
      answered = asked;
      await end();
    }
    if (!stopped) start();
  }

  return {
    async restart() {
      asked += 1;
      turn ??= run().finally(() => (turn = null));
      await turn;
    },
    async stop() {
      stopped = true;
      await turn;
      await end();
    },
  };
}
