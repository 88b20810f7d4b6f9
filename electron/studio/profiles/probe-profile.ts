import { v7 as uuid } from 'uuid';
import type { JobId, ProfileId } from '../../contract/entities/ids.ts';
import type { Job, JobGeneration, JobState } from '../../contract/entities/jobs.ts';
import type { Profile } from '../../contract/entities/profiles.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { notSent } from '../../contract/errors/messages.ts';
import { buildProbeRequest } from '../../contract/rules/probe-request.ts';
import type { ProbeResult, ProbeReport } from '../../contract/catalogue/servers.ts';
import { probeServer } from '../../images-api/probe/probe-server.ts';
import { readDocuments } from '../../library/jobs/responses.ts';
import { readGeneration } from '../../library/jobs/generations.ts';
import { readJob } from '../../library/jobs/jobs.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { JobService } from '../../jobs/job-service.ts';
import type { Library } from '../../library/library.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import type { Connections } from './connections.ts';

export interface ProbeContext {
  preferences: Preferences;
  library: Library;
  queue: JobService;
  connections: Connections;
  emit(event: StudioEvent): void;
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}

const UNFINISHED = new Set<JobState>(['waiting', 'running']);

/** `spend`: create a test image. `overCap`: the user confirmed that the monthly cap may be exceeded. */
export interface ProbeProfileOptions {
  spend: boolean;
  overCap: boolean;
  /** Id of the test image's job, so that a repeated call creates one only. */
  imageJobId?: JobId | undefined;
}

/** Abilities that only a test image shows. */
const OF_IMAGES = new Set<ProbeResult['ability']>(['streaming', 'usage']);

/**
 * Probes a profile's server, emits the report after each new line, and saves it with the profile. With `spend`, one image is then created
 * through the queue like any other: recorded, counted, stored in the library, at most one POST.
 * @throws StudioError what `connect` and `probeServer` throw; with `spend` also what `JobService.create` throws, such as `cap-reached`
 */
export async function probeProfile(
  context: ProbeContext,
  profileId: ProfileId,
  { spend, overCap, imageJobId = uuid() as JobId }: ProbeProfileOptions,
): Promise<ProbeReport> {
  const { preferences, connections, emit, queue } = context;
  if (spend && queue.state().paused) {
    const message = notSent('The queue is paused. Resume it in Activity, then try again.');
    throw new StudioError({ code: 'unsupported-here', message });
  }
  const { storage } = queue.state();
  if (spend && storage) throw new StudioError({ code: 'unsupported-here', message: notSent(storage.message) });
  const before = profileOf(context, profileId);
  const connection = await connections.connect(profileId);
  const tell = (report: ProbeReport): void => emit({ type: 'probe', profileId, report });
  const learnt = await probeServer({ connection, signal: context.ending, onLine: tell });
  const free = spend ? learnt : withEarlier(learnt, before.found);
  await preferences.keepFindings(profileId, before.baseUrl, free);
  const cannotCreate = free.lines.some(({ ability, finding }) => ability === 'create' && finding === 'no');
  if (!spend || free.spent || cannotCreate) {
    tell(free);
    return free;
  }
  const job = await makeImage(context, profileId, { id: imageJobId, overCap });
  const spent = job.generations.some(({ billing }) => billing !== 'none');
  const report = { ...free, spent, lines: learnFrom(context, job, free.lines) };
  await preferences.keepFindings(profileId, before.baseUrl, report);
  tell(report);
  return report;
}

function profileOf({ preferences }: ProbeContext, id: ProfileId): Profile {
  const profile = preferences.profiles().find((other) => other.id === id);
  if (profile) return profile;
  throw new StudioError({
    code: 'not-found',
    message: 'This profile no longer exists. Choose another one in Settings.',
  });
}

/** Keeps the findings of an earlier test image when no new one was created. */
function withEarlier(report: ProbeReport, earlier: ProbeReport | null): ProbeReport {
  const known = new Map(earlier?.lines.map((line) => [line.ability, line]));
  const lines = report.lines.map((line) => {
    const before = OF_IMAGES.has(line.ability) ? known.get(line.ability) : undefined;
    return before && before.finding !== 'unknown' ? before : line;
  });
  return { ...report, lines };
}

/** Creates the test image, unless an earlier call has, and returns its job once it has ended. */
async function makeImage(
  context: ProbeContext,
  profileId: ProfileId,
  { id, overCap }: { id: JobId; overCap: boolean },
): Promise<Job> {
  const { queue, library, subscribe, ending } = context;
  const ended = Promise.withResolvers<null>();
  const onEnd = (): void => ended.resolve(null);
  const stop = subscribe((event) => {
    if (event.type === 'job' && event.job.id === id && !UNFINISHED.has(event.job.state)) onEnd();
  });
  ending.addEventListener('abort', onEnd, { once: true });
  try {
    const known = await queue.find(id);
    const request = known?.request ?? buildProbeRequest(profileOf(context, profileId), Date.now());
    const job = known ?? (await queue.create({ id, request, overCap }));
    if (UNFINISHED.has(job.state)) await ended.promise;
  } finally {
    stop();
    ending.removeEventListener('abort', onEnd);
  }
  const job = readJob(library.db, id);
  if (job) return job;
  throw new StudioError({
    code: 'interrupted',
    message: notSent('Emulsion quit before the test image was requested.'),
  });
}

/** Replaces the lines that a test image answers. */
function learnFrom({ library }: ProbeContext, job: Job, lines: readonly ProbeResult[]): ProbeResult[] {
  const [generation] = job.generations;
  const record = generation && readGeneration(library.db, generation.id);
  const tookMs = (job.finishedAt ?? job.createdAt) - (job.startedAt ?? job.createdAt);
  const line = (ability: ProbeResult['ability'], finding: ProbeResult['finding'], why: string): ProbeResult => ({
    ability,
    finding,
    why,
    tookMs,
  });
  const asked = record?.parameters !== undefined && 'stream' in record.parameters && record.parameters.stream === true;
  const learnt: ProbeResult[] = [];
  if (!generation || !record || job.state !== 'done') {
    const said = (job.error?.server?.message ?? job.error?.message ?? 'It was stopped.').slice(0, 200);
    const aboutStreams = /\bstream|partial_images/iu.test(said);
    learnt.push(line('streaming', aboutStreams ? 'no' : 'unknown', `No image was made: ${said}`));
    learnt.push(line('usage', 'unknown', 'No image was made.'));
  } else {
    learnt.push(
      asked
        ? line('streaming', ...streamed(generation, readDocuments(library.db, generation.id)))
        : line(
            'streaming',
            'unknown',
            'The test image wasn’t streamed: the profile says that this server doesn’t support streaming.',
          ),
    );
    const tokens = record.answer?.usage?.total_tokens ?? record.answer?.usage?.output_tokens;
    learnt.push(
      record.answer?.usage
        ? line('usage', 'yes', tokens === undefined ? 'It counts tokens.' : `It counted ${tokens} tokens.`)
        : line('usage', 'no', 'The response has no token count, so costs are unknown.'),
    );
  }
  if (record?.requestId) learnt.push(line('requestId', 'yes', record.requestId));
  return lines.map((known) => learnt.find(({ ability }) => ability === known.ability) ?? known);
}

function streamed(generation: JobGeneration, documents: readonly unknown[]): [ProbeResult['finding'], string] {
  const [first] = generation.partials;
  if (first && generation.sentAt !== null) {
    const seconds = ((first.arrivedAt - generation.sentAt) / 1000).toFixed(1);
    return ['yes', `First partial image after ${seconds} s.`];
  }
  const isEvent = (document: unknown): boolean =>
    typeof document === 'object' && document !== null && 'type' in document && typeof document.type === 'string';
  if (documents.some(isEvent)) return ['yes', 'It streamed, without partial images.'];
  return ['no', 'It didn’t stream although it was asked to.'];
}
