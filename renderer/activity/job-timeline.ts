import type { Job, JobGeneration } from '../../electron/contract/entities/jobs.ts';
import { errorParts } from '../../electron/contract/errors/messages.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { lowercaseFirst } from '../shared/format/lowercase-first.ts';

/** One event of a job; `at` in ms since 1970. */
export interface TimelineEntry {
  at: number;
  words: string;
  tone: 'plain' | 'bad';
}

/** A job's events in order; several requests are numbered. */
export function jobTimeline(job: Job): TimelineEntry[] {
  const several = job.generations.length > 1;
  const lines = [
    timelineEntry(job.createdAt, 'Queued'),
    ...job.generations.flatMap((generation, index) =>
      requestEntries(generation, several ? `Request ${index + 1}: ` : ''),
    ),
  ];
  const last = lines.reduce((latest, { at }) => Math.max(latest, at), 0);
  // The job ended apart from its requests, for instance because the disk refused a write.
  if (job.finishedAt !== null && job.finishedAt > last + 1000)
    lines.push(timelineEntry(job.finishedAt, job.state === 'done' ? 'Done' : 'Ended'));
  return lines.sort((a, b) => a.at - b.at);
}

function requestEntries(generation: JobGeneration, prefix: string): TimelineEntry[] {
  const { sentAt, finishedAt, partials, images, error, state } = generation;
  const say = (at: number, words: string, tone: TimelineEntry['tone'] = 'plain'): TimelineEntry =>
    timelineEntry(at, prefix === '' ? words : `${prefix}${lowercaseFirst(words)}`, tone);
  return [
    ...(sentAt === null ? [] : [say(sentAt, 'Sent')]),
    ...partials.map(({ index, arrivedAt }) => say(arrivedAt, `Partial ${index + 1} received`)),
    ...images.map(({ createdAt }, index) =>
      say(createdAt, images.length > 1 ? `Image ${index + 1} received and saved` : 'Image received and saved'),
    ),
    ...(finishedAt === null
      ? []
      : [say(finishedAt, endLabel(generation), state === 'failed' && error ? 'bad' : 'plain')]),
  ];
}

function endLabel({ state, error, images }: JobGeneration): string {
  if (state === 'done') return images.length === 0 ? 'Done' : `Done, ${formatQuantity(images.length, 'image')}`;
  return error ? errorParts(error).title : 'Ended without an image';
}

function timelineEntry(at: number, words: string, tone: TimelineEntry['tone'] = 'plain'): TimelineEntry {
  return { at, words, tone };
}

const second = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The time of day to the second, as "12:14:02". */
export function formatTimeWithSeconds(at: number): string {
  return second.format(at);
}
