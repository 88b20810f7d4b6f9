import type { Job } from '../../contract/entities/jobs.ts';
import type { Profile } from '../../contract/entities/profiles.ts';
import type { Settings } from '../../contract/entities/settings.ts';
import { runtimeVersions, systemVersion, withoutHome } from '../../log/log.ts';
import { readSettings } from './read-settings.ts';
import type { HandlerContext } from './context.ts';

/** Lines of the log at the end of the report. */
const LOG_LINES = 60;

/**
 * Returns a problem report as text, which the user sees before copying it: versions, system, settings, counts and the last lines of the
 * log. Without keys, prompts, profile names, credentials in URLs, and the path of the home folder.
 */
export async function readDiagnostics(context: HandlerContext): Promise<string> {
  const { features, preferences, library, queue } = context;
  const { host, log } = features;
  const settings = readSettings(preferences, library);
  const { images, bytes, damage } = settings.library;
  const rows = [
    `Emulsion: ${host.version}, ${host.platform === 'browser' ? 'in the browser' : 'desktop'}`,
    `System: ${systemVersion()}`,
    `Runtime: ${runtimeVersions()}`,
    `Library: ${images ?? 'unknown'} images, ${bytes ?? 'unknown'} bytes${damage === undefined ? '' : ', database damaged'}`,
    `Jobs: ${countJobs(queue.list())}`,
    `Queue: ${queue.state().paused ? 'paused' : 'not paused'}, ${queue.state().holds.length} profiles rate limited`,
    `Theme: ${settings.theme}`,
    `Proxy: ${proxy(settings)}`,
    `Monthly cap: ${settings.monthlyCap === null ? 'none' : settings.monthlyCap === 'unknown' ? 'damaged' : 'set'}`,
    `Damaged settings: ${settings.damage.map(({ field }) => field).join(', ') || 'none'}`,
    `Extra certificates: ${settings.certificates?.certificates.length ?? 0}`,
    `Own prices: ${settings.prices.length}`,
    ...settings.profiles.map((profile, index) => `Profile ${index + 1}: ${describeProfile(profile)}`),
    '',
    'Log:',
    ...(await log.tail(LOG_LINES)),
  ];
  return rows.map((row) => withoutHome(row)).join('\n');
}

function countJobs(jobs: readonly Job[]): string {
  const counts = new Map<string, number>();
  for (const { state } of jobs) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'none';
}

function proxy({ proxy: { mode }, environmentProxy }: Settings): string {
  if (mode === 'environment') return environmentProxy === null ? 'system, none set' : 'system, set';
  return mode === 'none' ? 'none' : 'custom';
}

function describeProfile(profile: Profile): string {
  const { kind, server, baseUrl, key, concurrency, free, overrides } = profile;
  return [
    kind,
    server,
    plainUrl(baseUrl),
    `key ${key}`,
    `${concurrency} at once`,
    ...(free ? ['free'] : []),
    ...(Object.keys(overrides).length > 0 ? [`overrides ${Object.keys(overrides).join(' ')}`] : []),
  ].join(', ');
}

/** The address without user name, password, query and fragment. */
function plainUrl(address: string): string {
  if (!URL.canParse(address)) return address === '' ? 'no address' : 'unreadable address';
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
