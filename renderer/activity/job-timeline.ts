import type { Job, JobGeneration } from '../../electron/contract/entities.ts';
import { formatCounted } from '../shared/format/counts.ts';
import { midSentence } from '../shared/format/lowercase-first.ts';

/** Something that happened to a job, at a moment (ms since 1970). */
export interface Happening {
  at: number;
  words: string;
  tone: 'plain' | 'bad';
}

/** What happened, in the order in which it did; requests are numbered where there are several. */
export function whatHappened(job: Job): Happening[] {
  const several = job.generations.length > 1;
  const lines = [
    happening(job.createdAt, 'Asked for'),
    ...job.generations.flatMap((generation, index) =>
      requestLines(generation, several ? `Request ${index + 1}: ` : ''),
    ),
  ];
  const last = lines.reduce((latest, { at }) => Math.max(latest, at), 0);
  // An end that is no request's own: one that the disk refused to record, for instance.
  if (job.finishedAt !== null && job.finishedAt > last + 1000)
    lines.push(happening(job.finishedAt, job.state === 'done' ? 'Done' : 'Over'));
  return lines.sort((a, b) => a.at - b.at);
}

function requestLines(generation: JobGeneration, prefix: string): Happening[] {
  const { sentAt, finishedAt, partials, pictures, error, state } = generation;
  const say = (at: number, words: string, tone: Happening['tone'] = 'plain'): Happening =>
    happening(at, prefix === '' ? words : `${prefix}${midSentence(words)}`, tone);
  return [
    ...(sentAt === null ? [] : [say(sentAt, 'Sent')]),
    ...partials.map(({ index, arrivedAt }) => say(arrivedAt, `Partial ${index + 1} came`)),
    ...pictures.map(({ createdAt }, index) =>
      say(createdAt, pictures.length > 1 ? `Picture ${index + 1} came and is kept` : 'The picture came and is kept'),
    ),
    ...(finishedAt === null ? [] : [say(finishedAt, endOf(generation), state === 'failed' && error ? 'bad' : 'plain')]),
  ];
}

function endOf({ state, error, pictures }: JobGeneration): string {
  if (state === 'done') return pictures.length === 0 ? 'Done' : `Done, ${formatCounted(pictures.length, 'picture')}`;
  const [first] = error?.message.split(/(?<=[.?])\s/u) ?? [];
  return first ?? 'Ended without its picture';
}

function happening(at: number, words: string, tone: Happening['tone'] = 'plain'): Happening {
  return { at, words, tone };
}

const second = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The time of day to the second, as "12:14:02". */
export function formatSecond(at: number): string {
  return second.format(at);
}
