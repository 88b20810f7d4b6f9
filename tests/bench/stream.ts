import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, progress, report } from './report.ts';
import type { Cost } from './stream-side.ts';

const ROUNDS = 5;
const MEGABYTE = 1024 * 1024;
const script = (name: string): string[] => [
  '--disable-warning=ExperimentalWarning',
  path.join(import.meta.dirname, name),
];

/**
 * A streamed answer of four images of 24.6 MB (131 MB of events) over HTTP to files with SHA-256: the official SDK against ours, on
 * the same bytes, in turn, each run in a fresh process.
 */
export async function stream(): Promise<void> {
  const server = spawn(process.execPath, script('stream-server.ts'), { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const port = line.toString().trim();
    const rounds: { sdk: Cost; ours: Cost }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const costs = { sdk: await run('sdk', port), ours: await run('ours', port) };
      if (costs.sdk.hashes.join() !== costs.ours.hashes.join())
        throw new Error('The two sides did not receive the same images.');
      progress(`stream ${round + 1}: SDK ${describe(costs.sdk)}; ours ${describe(costs.ours)}`);
      rounds.push(costs);
    }
    tell(rounds);
  } finally {
    server.kill();
  }
}

async function run(side: 'sdk' | 'ours', port: string): Promise<Cost> {
  const { stdout } = await promisify(execFile)(process.execPath, [...script('stream-side.ts'), side, port]);
  return JSON.parse(stdout) as Cost;
}

function describe({ cpuMs, longestDelayMs, rssGrowth, tookMs }: Cost): string {
  const growth = (rssGrowth / MEGABYTE).toFixed(0);
  return `${cpuMs.toFixed(0)} ms CPU, ${longestDelayMs.toFixed(1)} ms delay, ${growth} MB, ${tookMs.toFixed(0)} ms`;
}

function tell(rounds: { sdk: Cost; ours: Cost }[]): void {
  const ratio = (of: (cost: Cost) => number): number => median(rounds.map(({ sdk, ours }) => of(sdk) / of(ours)));
  const bench = 'stream';
  report({ bench, figure: 'cpu: sdk ÷ ours', value: ratio((cost) => cost.cpuMs), unit: 'ratio', bar: 5, best: 'most' });
  const delay = ratio((cost) => cost.longestDelayMs);
  report({ bench, figure: 'longest event-loop delay: sdk ÷ ours', value: delay, unit: 'ratio', bar: 20, best: 'most' });
  const growth = median(rounds.map(({ ours }) => ours.rssGrowth)) / MEGABYTE;
  report({ bench, figure: 'rss growth', value: growth, unit: 'MB', bar: 64, best: 'least' });
}
