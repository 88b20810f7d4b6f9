import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation } from '../../../electron/contract/catalogue/parameters.ts';
import { checkSize } from '../../../electron/contract/rules/size-rules.ts';
import type { ParameterValues } from '../../../electron/contract/costs/token-counts.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { withNotes } from './reference-notes.ts';
import { typedPrompt } from './typed-prompt.ts';

interface RequestContext {
  operation: Operation;
  asEdit: boolean;
  model: Model;
}

/** Every value in effect, by its API name. `auto` is the server's default; a model that doesn't list `auto` gets no value. */
export function effectiveParameters(
  effective: RequestForm,
  { operation, asEdit, model }: RequestContext,
): ParameterValues {
  const prompt = typedPrompt(effective, asEdit);
  const omitsSize = effective.size === 'auto' && checkSize('auto', model.sizes) !== null;
  return {
    prompt: asEdit ? prompt.text : withNotes(prompt, effective.inputs, effective.notes),
    model: effective.model.trim(),
    n: effective.count,
    size: omitsSize ? undefined : effective.size,
    quality: effective.quality === 'auto' && !model.qualities.includes('auto') ? undefined : effective.quality,
    background:
      effective.background === 'auto' && !model.backgrounds.includes('auto') ? undefined : effective.background,
    output_format: effective.format,
    output_compression: effective.compression,
    moderation: effective.moderation === 'auto' ? undefined : effective.moderation,
    complexity: unlessAuto(effective.complexity),
    input_fidelity: unlessAuto(effective.fidelity),
    style: unlessAuto(effective.style),
    // Base64 needs no second download from a URL that expires. A model outside the catalogue gets no parameter that its server
    // might reject.
    response_format: unlessAuto(effective.response) ?? (model.known ? 'b64_json' : undefined),
    stream: effective.stream ? true : undefined,
    partial_images: effective.partials,
    frame_count: effective.frames,
    frame_duration_ms: effective.frameTime,
    ...svgParameter(effective, operation),
    safety_identifier: effective.safetyId.trim() || undefined,
    user: effective.user.trim() || undefined,
  };
}

function unlessAuto<T extends string>(choice: T): Exclude<T, 'auto'> | undefined {
  return choice === 'auto' ? undefined : (choice as Exclude<T, 'auto'>);
}

/**
 * The model that writes the SVG. Without a name the server chooses, and the object is omitted; an edit supports an effort alone
 * [`resources/images.d.ts` of `openai` 7.57.0].
 */
function svgParameter({ svgModel, svgEffort }: RequestForm, operation: Operation): Pick<ParameterValues, 'svg'> {
  const model = svgModel.trim();
  const effort = unlessAuto(svgEffort);
  const reasoning = effort ? { reasoning: { effort } } : {};
  if (model !== '') return { svg: { model, ...reasoning } };
  // The types of the two operations differ: only an edit may omit the model.
  return operation === 'edit' && effort ? { svg: reasoning as { model: string } } : {};
}

/** A copy without undefined values. */
export function withoutUndefined(parameters: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters as Record<string, unknown>).filter(([, value]) => value !== undefined),
  );
}
