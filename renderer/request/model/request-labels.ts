import type { Estimate } from '../../../electron/contract/costs/estimate.ts';
import type { MicrosRange } from '../../../electron/contract/entities/money.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import { formatAtMost, formatMicros, formatMicrosRange } from '../../shared/format/money.ts';
import type { BatchPlan } from './batch-plan.ts';
import type { ResolvedForm } from './request-from-form.ts';

/** How many images the form asks for. */
function totalImages({ sent }: ResolvedForm, plan: BatchPlan | null): number {
  if (plan === null) return sent.n ?? 1;
  if (plan.cells.length === 0) return plan.count * (sent.n ?? 1);
  return plan.cells.reduce((sum, { request }) => sum + (request.parameters.n ?? 1), 0);
}

/** The primary button: "Create 2 images", "Create 3 variations", and with its price for a batch: "Create 18 images, $1.40". */
export function submitLabel(resolved: ResolvedForm, plan: BatchPlan | null, estimate: Estimate | null): string {
  const { operation, asEdit } = resolved;
  const varies = asEdit || operation === 'variation';
  const images = formatQuantity(totalImages(resolved, plan), varies ? 'variation' : 'image');
  if (plan === null) return `Create ${images}`;
  const price = estimate?.range && estimate.basis !== 'free' ? `, ${shortPrice(estimate.range)}` : '';
  return `Create ${images}${price}`;
}

/** Short form for the button: the price, or the upper bound of a range. */
function shortPrice({ min, max }: MicrosRange): string {
  return min === max ? formatMicros(max) : formatAtMost(max);
}

/** What an estimate is based on, in one line: "2 × $0.192, 3 partials each". */
export function estimateSummary({ sent }: ResolvedForm, plan: BatchPlan | null, estimate: Estimate): string {
  if (plan !== null) return formatQuantity(estimate.requests, 'request');
  const { partial_images: partials = 0, stream } = sent as { partial_images?: number; stream?: boolean };
  const { requests, perRequest, basis } = estimate;
  const each = basis === 'free' || perRequest === null || requests === 1 ? '' : ` × ${formatMicrosRange(perRequest)}`;
  const count = each ? `${requests}${each}` : requests === 1 ? '1 request' : `${requests} requests`;
  const strip = stream && partials ? `, ${formatQuantity(partials, 'partial')}${requests > 1 ? ' each' : ''}` : '';
  return count + strip;
}

/** Whether a variation is sent to the variations endpoint or as an edit, and why. */
export function variationRouteNote({ operation, model }: ResolvedForm, serverHasIt: boolean): string {
  if (operation === 'variation') return 'Uses the server’s variations endpoint, which has no prompt.';
  return serverHasIt
    ? `Sent as an edit with the prompt above: ${model.name} doesn’t support variations.`
    : 'Sent as an edit with the prompt above: this server has no variations endpoint.';
}
