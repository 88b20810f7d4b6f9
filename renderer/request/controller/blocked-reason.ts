import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import { MAX_BATCH_SIZE } from '../../../electron/contract/rules/batch.ts';
import { promptFault } from '../../../electron/contract/rules/parameter-rules.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { lowercaseFirst } from '../../shared/format/lowercase-first.ts';
import { parameterName } from '../../state/parameter-labels.ts';
import type { BatchPlan } from '../model/batch-plan.ts';
import type { InputTray } from '../tray/InputTray.svelte.ts';

/** Why the references aren't ready yet; null where they are. `pending`: the tray doesn't hold the form's inputs yet. */
export function blockedByReferences(tray: Pick<InputTray, 'error' | 'working'>, pending: boolean): string | null {
  if (pending) return tray.error ? 'The references can’t be loaded. They’re still saved' : 'Loading the references…';
  return tray.working ? 'Adding a reference…' : null;
}

const PROMPT_REASONS = {
  empty: 'Write a prompt',
  'half-character': 'Fix the prompt',
  'too-long': 'Shorten the prompt',
};

/** What has to be fixed in the form first; null for no problem. `prompt`: the text that would be sent. */
export function blockedByForm(
  problems: readonly { field: string }[],
  { prompt, model }: { prompt: string; model: Model },
): string | null {
  const [problem] = problems;
  if (!problem) return null;
  if (problem.field === 'prompt') return PROMPT_REASONS[promptFault(prompt, model) ?? 'half-character'];
  if (problem.field === 'image') return 'Fix the references';
  return `Fix the ${lowercaseFirst(parameterName(problem.field))}`;
}

/** What has to be fixed in the batch; null for no problem or no batch. */
export function blockedByBatch(plan: BatchPlan | null): string | null {
  if (plan === null) return null;
  if (plan.count > MAX_BATCH_SIZE) return `${formatCount(plan.count)} requests; the limit is ${MAX_BATCH_SIZE}`;
  if (plan.cells.some(({ request }) => isEmptyPrompt(request))) return 'Write a prompt';
  return plan.faults.length > 0 ? 'Fix the combinations' : null;
}

function isEmptyPrompt({ operation, parameters }: JobRequest): boolean {
  return operation !== 'variation' && parameters.prompt.trim() === '';
}
