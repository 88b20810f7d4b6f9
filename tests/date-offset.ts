import { execFileSync } from 'node:child_process';

/**
 * How far `faketime` has moved the date of this process, in milliseconds; 0 without it. Chromium crashes under faketime, so it runs
 * without, and `moveDate` moves the date of its pages.
 */
export function dateOffset(): number {
  if (!isFaked(process.env)) return 0;
  const now = execFileSync('date', ['+%s%3N'], { env: withoutFaketime(process.env), encoding: 'utf8' });
  return Date.now() - Number(now);
}

/** An environment whose programs see the system's own date. */
export function withoutFaketime<E extends NodeJS.ProcessEnv>(environment: E): E {
  if (!isFaked(environment)) return environment;
  const { LD_PRELOAD: _preload, ...others } = environment;
  return others as E;
}

function isFaked({ LD_PRELOAD }: NodeJS.ProcessEnv): boolean {
  return LD_PRELOAD?.includes('faketime') ?? false;
}
