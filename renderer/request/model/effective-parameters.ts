import { readTemplate } from '../../../electron/contract/rules/batch.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation } from '../../../electron/contract/catalogue/parameters.ts';
import { checkSize } from '../../../electron/contract/rules/parameter-rules.ts';
import type { Wishes } from '../../../electron/contract/costs/token-counts.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { withNotes } from './reference-notes.ts';

interface Case {
  operation: Operation;
  asEdit: boolean;
  model: Model;
}

/** Every value in effect by its API name. `auto` is the server's own default: a model that does not know the word gets none. */
export function wishesOf(used: RequestForm, { operation, asEdit, model }: Case): Wishes {
  const sizeIsOpen = used.size === 'auto' && checkSize('auto', model.sizes) !== null;
  return {
    prompt: asEdit ? plainPrompt(used.variationPrompt) : withNotes(plainPrompt(used.prompt), used.inputs, used.notes),
    model: used.model.trim(),
    n: used.count,
    size: sizeIsOpen ? undefined : used.size,
    quality: used.quality === 'auto' && !model.qualities.includes('auto') ? undefined : used.quality,
    background: used.background === 'auto' && !model.backgrounds.includes('auto') ? undefined : used.background,
    output_format: used.format,
    output_compression: used.compression,
    moderation: used.moderation === 'auto' ? undefined : used.moderation,
    complexity: orNothing(used.complexity),
    input_fidelity: orNothing(used.fidelity),
    style: orNothing(used.style),
    // An answer with the pixels in it needs no second fetch from an address that runs out. A name that the table does not know
    // gets nothing that its server might refuse.
    response_format: orNothing(used.response) ?? (model.known ? 'b64_json' : undefined),
    stream: used.stream ? true : undefined,
    partial_images: used.partials,
    frame_count: used.frames,
    frame_duration_ms: used.frameTime,
    ...svgWish(used, operation),
    safety_identifier: used.safetyId.trim() || undefined,
    user: used.user.trim() || undefined,
  };
}

function orNothing<T extends string>(choice: T): Exclude<T, 'auto'> | undefined {
  return choice === 'auto' ? undefined : (choice as Exclude<T, 'auto'>);
}

/**
 * The author of an SVG. Without a name the server chooses, and then the whole object is left out; an edit takes an effort alone
 * [`resources/images.d.ts` of `openai` 7.57.0].
 */
function svgWish({ svgModel, svgEffort }: RequestForm, operation: Operation): Pick<Wishes, 'svg'> {
  const model = svgModel.trim();
  const effort = orNothing(svgEffort);
  const reasoning = effort ? { reasoning: { effort } } : {};
  if (model !== '') return { svg: { model, ...reasoning } };
  // The two operations' types differ in this: only an edit's author may be left out.
  return operation === 'edit' && effort ? { svg: reasoning as { model: string } } : {};
}

/** A prompt without variables in its own words; one with variables stays the template that a batch needs. */
function plainPrompt(template: string): string {
  const parts = readTemplate(template);
  return parts.some((part) => Array.isArray(part)) ? template : parts.join('');
}

/** Without what is undefined. */
export function withoutGaps(parameters: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters as Record<string, unknown>).filter(([, value]) => value !== undefined),
  );
}
