/**
 * The kill campaign: a host is killed at random moments and at named steps while a server feeds it, then started again, and every promise
 * is checked on what is left. `npm run test:crash -- --kills 300 --seed 1`. Prints one JSON object, and exits with 1 if a promise was broken.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { v7 as uuid } from 'uuid';
import { startLoopbackHost, type LoopbackHost } from '../e2e/loopback-host.ts';
import { startFeedingServer, type FeedingServer } from './feeding-server.ts';
import { countUnsettled, findBreaches, type Breach } from './promises.ts';
import { seededRandom, type Random } from './random.ts';
import { connectStudio, type StudioClient } from './studio-client.ts';

/** Every check reads the whole library, so a new one is begun after so many kills. */
const KILLS_OF_ONE_LIBRARY = 25;
const LONGEST_LIFE_MS = 1_200;
const SETTLE_TIMEOUT_MS = 30_000;
const STEPS = ['pending-save-recorded', 'file-synced', 'renamed', 'folder-synced', 'committed'] as const;
const KEY = 'sk-crash-0123456789abcdefghij';
const KILLER = pathToFileURL(resolve(import.meta.dirname, 'kill-at-step.ts')).href;

interface Options {
  kills: number;
  seed: number;
}

function readOptions(): Options {
  const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
  const [kills, seed] = [Number(values.kills ?? 25), Number(values.seed ?? 1)];
  if (Number.isInteger(kills) && kills > 0 && Number.isInteger(seed)) return { kills, seed };
  throw new Error('Usage: npm run test:crash -- --kills 300 --seed 1');
}

/** Totals of a campaign. */
interface Totals {
  kills: number;
  atSteps: number;
  jobs: number;
  posts: number;
  announced: number;
  breaches: Breach[];
}

/** One library and what is known about it from outside. */
interface Campaign {
  home: string;
  server: FeedingServer;
  random: Random;
  announced: Set<string>;
  totals: Totals;
}

const { kills, seed } = readOptions();
const totals: Totals = { kills: 0, atSteps: 0, jobs: 0, posts: 0, announced: 0, breaches: [] };
const random = seededRandom(seed);
while (totals.kills < kills) await runLibrary(Math.min(KILLS_OF_ONE_LIBRARY, kills - totals.kills));
console.log(JSON.stringify({ campaign: 'crash', seed, ...totals, breaches: totals.breaches.length }));
for (const { promise, subject } of totals.breaches) console.log(JSON.stringify({ broken: promise, subject }));
process.exitCode = totals.breaches.length > 0 ? 1 : 0;

async function runLibrary(rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'emulsion-crash-'));
  const server = await startFeedingServer(random);
  const campaign: Campaign = { home, server, random, announced: new Set(), totals };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await runAndKill(campaign);
      await check(campaign);
      console.error(`${totals.kills} of ${kills} kills, ${totals.breaches.length} promises broken`);
    }
  } finally {
    totals.posts += server.served.length;
    totals.announced += campaign.announced.size;
    await server.close();
    if (totals.breaches.length === 0) await rm(home, { recursive: true, force: true, maxRetries: 5 });
    else console.error(`Kept for inspection: ${home}`);
  }
}

/** Starts the host, gives it work, and kills it at a random moment, or lets it kill itself at a step. */
async function runAndKill(campaign: Campaign): Promise<void> {
  const { random, announced, totals } = campaign;
  const step = random.chance(0.4) ? `${random.pick(STEPS)}:${random.between(1, 6)}` : null;
  const host = await startHost(campaign, step);
  const studio = await connectStudio(host.url);
  const died = once(host.process, 'exit');
  await Promise.race([died, giveWork(studio, campaign).then(() => after(random.between(0, LONGEST_LIFE_MS)))]);
  if (host.process.signalCode === 'SIGKILL') totals.atSteps += 1;
  await host.stop('SIGKILL');
  totals.kills += 1;
  for (const id of studio.announced.keys()) announced.add(id);
}

async function giveWork(studio: StudioClient, { random, totals }: Campaign): Promise<void> {
  for (let job = random.between(1, 4); job > 0; job -= 1) {
    const stream = random.chance(0.6);
    totals.jobs += 1;
    const prompt = `image ${totals.jobs}`;
    const parameters = {
      model: 'gpt-image-2',
      prompt,
      n: random.between(1, 4),
      size: '1024x1024',
      quality: 'medium' as const,
      ...(stream && { stream, partial_images: random.between(0, 3) }),
    };
    const request = { operation: 'create' as const, profileId: 'environment', parameters };
    // A call that the kill cuts off has no outcome.
    await studio.call('jobs.create', { id: uuid(), request }).catch(() => undefined);
    await after(random.between(0, 60));
  }
}

/** Starts the host again, waits until it has settled what the kill left, and checks every promise. */
async function check({ home, server, announced, totals, ...campaign }: Campaign): Promise<void> {
  const host = await startHost({ home, server, announced, totals, ...campaign }, null);
  const library = join(home, 'library');
  await settle(library);
  const breaches = findBreaches(library, { announced, served: server.served, key: KEY });
  for (const breach of breaches) if (!isKnown(totals.breaches, breach)) totals.breaches.push(breach);
  await host.stop();
}

/** What one check found is still there at the next. */
function isKnown(known: readonly Breach[], { promise, subject }: Breach): boolean {
  return known.some((breach) => breach.promise === promise && breach.subject === subject);
}

async function settle(library: string): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  while (countUnsettled(library) > 0 && performance.now() < deadline) await after(50);
}

function startHost({ home, server }: Campaign, step: string | null): Promise<LoopbackHost> {
  const killing: Record<string, string> =
    step === null ? {} : { EMULSION_KILL_AT: step, NODE_OPTIONS: `--import ${KILLER}` };
  const environment = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseUrl, ...killing };
  return startLoopbackHost({ home, args: ['--library', join(home, 'library')], environment });
}
