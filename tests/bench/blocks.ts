import { report } from './report.ts';

/** The longest time between two turns of this thread's event loop, ms. */
export interface Block {
  cpu: number;
  /** Waiting for the disk, and what else runs on the machine, included. */
  wall: number;
}

/** Watches a timer of 1 ms until the returned function is called. */
export function watchBlocks(): () => Block {
  const longest: Block = { cpu: 0, wall: 0 };
  let [cpuAt, wallAt] = [process.threadCpuUsage(), performance.now()];
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(cpuAt);
    longest.cpu = Math.max(longest.cpu, (user + system) / 1000);
    longest.wall = Math.max(longest.wall, performance.now() - wallAt);
    [cpuAt, wallAt] = [process.threadCpuUsage(), performance.now()];
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/**
 * Reports the longest block of the main process against its bar, and beside it the most processor time that it used between two turns: what is
 * longer than that was waiting, for the disk or for a processor.
 */
export function reportBlock(bench: string, figure: string, { wall, cpu }: Block): void {
  report({ bench, figure, value: wall, unit: 'ms', bar: 16, best: 'least' });
  report({ bench, figure: `${figure}, processor time`, value: cpu, unit: 'ms', bar: null, best: 'least' });
}
