import type { Job, UnsavedFile } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { errorParts } from '../../electron/contract/errors/messages.ts';
import { countOutcomes } from '../../electron/contract/rules/job-outcome.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { formatTimeOfDay } from '../shared/format/time.ts';
import { requestedImages } from './live-frames.ts';

/** An error for a notice: the first sentence is the title. */
interface FailureMessage {
  title: string;
  message: string;
  details: { heading?: string; text?: string; id?: string } | undefined;
}

/** A report for a notice: what happened, then what to do, whether it was billed, and what was received. */
export function failureMessage(report: ErrorReport, at: number | null, kept = ''): FailureMessage {
  const { title, message: rest } = errorParts(report);
  const message = [rest, kept].filter(Boolean).join(' ');
  const { server } = report;
  if (!server?.message && !server?.requestId) return { title, message, details: undefined };
  const heading = ['Server message', server.status, server.code ?? server.type, at && formatTimeOfDay(at)];
  const details = {
    ...(server.message && { heading: heading.filter(Boolean).join(' · '), text: server.message }),
    ...(server.requestId && { id: server.requestId }),
  };
  return { title, message, details };
}

/** Whether the key or the profile has to be fixed in Settings. */
export function isFixedInSettings({ code }: ErrorReport): boolean {
  return code === 'key-missing' || code === 'key-refused' || code === 'profile-invalid';
}

/** The same beside the job's own message, which counts the outcomes of several requests: '' where it already says how many arrived. */
export function receivedNote(job: Job): string {
  const outcomes = countOutcomes(job.generations).map(({ outcome }) => outcome);
  const counted = job.generations.length > 1 && outcomes.some((outcome) => outcome.startsWith('received'));
  if (counted && !job.unsaved && !outcomes.some((outcome) => outcome.startsWith('partial'))) return '';
  return receivedSummary(job);
}

/** What was received of a job that failed or was stopped, as a sentence; '' for nothing. */
export function receivedSummary(job: Job): string {
  const images = job.generations.reduce((sum, generation) => sum + generation.images.length, 0);
  const partials = job.generations.reduce((sum, generation) => sum + generation.partials.length, 0);
  const asked = Math.max(requestedImages(job), images);
  if (job.unsaved) return unsavedSummary(job.unsaved);
  if (images > 0) return `${images} of ${formatQuantity(asked, 'image')} received and saved.`;
  return partials > 0 ? `${formatQuantity(partials, 'partial image')} received and saved.` : '';
}

/** Where images are that were received but not saved yet. */
function unsavedSummary(files: readonly UnsavedFile[]): string {
  const [first] = files;
  return first && files.length === 1
    ? `It’s in ${first.path} now.`
    : `They’re in ${files.map(({ path }) => path).join(', ')} now.`;
}
