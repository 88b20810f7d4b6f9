import type { DamagedField, SettingsDamage } from '../../electron/contract/entities/settings-damage.ts';

/** What a damaged field is called, and what Emulsion uses instead. */
const LABELS: Readonly<Record<DamagedField, readonly [name: string, used: string]>> = {
  settings: ['Settings file', 'parts of it couldn’t be read; the rest is used'],
  keys: ['Stored keys', 'enter the missing ones again'],
  version: ['Version of the file', 'read as the current version'],
  theme: ['Theme', 'the system’s is used'],
  profileId: ['Selected profile', 'the first profile is selected'],
  libraryFolder: ['Library folder', 'the default folder is used; your images are unchanged'],
  watched: ['Watched folder', 'no folder is watched until you choose it again'],
  mirror: ['Mirror folder', 'nothing is copied until you choose it again'],
  proxy: ['Proxy', 'choose it again; a custom proxy isn’t replaced by a direct connection'],
  monthlyCap: ['Monthly cap', 'Emulsion asks before every request that costs something, until you set it again'],
  stripMetadata: ['Remove metadata', 'switched on'],
  prices: ['Your prices', 'Emulsion’s price table is used'],
  builtInFindings: ['Server tests', 'run the test again'],
  certificates: ['Extra certificates', 'choose the file again'],
  profiles: ['List of profiles', 'no profile could be read'],
  profile: ['A profile', 'left out'],
  name: ['Name', 'the server’s name is used'],
  baseUrl: ['Base URL', 'the profile isn’t used until you enter it again'],
  organisation: ['Organisation', 'the profile isn’t used until you check it'],
  project: ['Project', 'the profile isn’t used until you check it'],
  server: ['Kind of server', 'guessed from the base URL'],
  apiVersion: ['API version', 'the default is used'],
  deployments: ['Deployments', 'unreadable ones are left out'],
  concurrency: ['Requests at once', 'the default is used'],
  free: ['Free server', 'its requests count as billed'],
  overrides: ['Corrections', 'unreadable ones are left out'],
  found: ['Server test', 'run the test again'],
  key: ['Key', 'enter it again'],
};

/** One line of the notice: "Monthly cap: Emulsion asks …". */
export function damageLine({ field, of }: SettingsDamage): string {
  const [name, used] = LABELS[field];
  return `${name}${of === null ? '' : ` of “${of}”`}: ${used}.`;
}

/** Where the damaged files are kept, each once. */
export function keptCopies(damage: readonly SettingsDamage[]): string[] {
  return [...new Set(damage.flatMap(({ copy }) => copy ?? []))];
}
