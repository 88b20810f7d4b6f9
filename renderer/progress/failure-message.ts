import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { Billing, ErrorReport } from '../../electron/contract/errors/errors.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { formatTimeOfDay } from '../shared/format/time.ts';
import { requestedImages } from './live-frames.ts';

const MONEY: Record<Billing, string> = {
  none: 'Nothing was billed.',
  possible: 'It may have been billed; it was not sent again.',
  billed: 'The server answered, so it was billed.',
};

/** A failure for a notice: the sentence that says what happened, and the rest. */
interface FailureMessage {
  title: string;
  message: string;
  details: { heading?: string; text?: string; id?: string } | undefined;
}

/** The words of a report. Money is spoken of in any case: by the report's own sentences or by one from its `billing`. */
export function failureMessage(report: ErrorReport, at: number | null, kept = ''): FailureMessage {
  const [, title = report.message, rest = ''] = /^(.+?[.?])\s+(.+)$/su.exec(report.message) ?? [];
  const money = /\bbilled\b|\bnothing was sent\b/iu.test(report.message) ? '' : MONEY[report.billing];
  const message = [rest, money, kept].filter(Boolean).join(' ');
  const { server } = report;
  if (!server?.message && !server?.requestId) return { title, message, details: undefined };
  const heading = ['Server message', server.status, server.code ?? server.type, at && formatTimeOfDay(at)];
  // Without words of its own there is only the id, which says by itself what it is.
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

/** What was received of a job that failed or was stopped, as a sentence; '' for nothing. */
export function receivedSummary(job: Job): string {
  const images = job.generations.reduce((sum, generation) => sum + generation.images.length, 0);
  const partials = job.generations.reduce((sum, generation) => sum + generation.partials.length, 0);
  const asked = Math.max(requestedImages(job), images);
  if (images > 0) return `${images} of ${formatQuantity(asked, 'image')} received and saved.`;
  return partials > 0 ? `${formatQuantity(partials, 'partial image')} received and saved.` : '';
}
