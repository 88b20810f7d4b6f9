import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';

interface ForkOptions {
  serviceName?: string;
  stdio?: 'inherit' | 'ignore' | 'pipe';
}

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(modulePath: string, args: readonly string[], { stdio = 'inherit' }: ForkOptions) {
    super();
    this.#child = fork(resolve(import.meta.dirname, 'utility-run.ts'), [modulePath, ...args], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', stdio, stdio, 'ipc'],
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.once('spawn', () => this.emit('spawn'));
    this.#child.once('exit', (code) => this.emit('exit', code ?? 1));
    // As in Electron, it doesn't keep the application alive.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /** As in Electron, undefined before it has started and after its end. */
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

/** `utilityProcess`: a process of Node that sees itself inside Electron. */
export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new UtilityProcess(modulePath, args, options),
};
