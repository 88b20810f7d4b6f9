import type { JobRequest, ProfileId } from '../../electron/contract/entities.ts';
import { findModel, MODELS, type Model } from '../../electron/contract/models.ts';
import type { CreateParameters } from '../../electron/contract/parameters.ts';
import { checkParameters, settleParameters, type Dropped, type Problem } from '../../electron/contract/rules.ts';
import type { RequestForm } from '../state/request-form.ts';

/** Every wish of the form by its API name, also those that the model will not get. */
function wishes(form: RequestForm, model: Model): CreateParameters {
  const sizeIsOpen = form.size === 'auto' && model.sizes.kind === 'list' && !model.sizes.sizes.includes('auto');
  return {
    ...form.extra,
    prompt: form.prompt,
    model: form.model.trim(),
    n: form.count,
    // `auto` is the server's own default, so a model that does not know the word gets none.
    size: sizeIsOpen ? undefined : form.size,
    quality: form.quality === 'auto' && !model.qualities.includes('auto') ? undefined : form.quality,
    background: form.background === 'auto' && !model.backgrounds.includes('auto') ? undefined : form.background,
    output_format: form.format,
    output_compression: form.compression,
    moderation: form.moderation === 'auto' ? undefined : form.moderation,
    complexity: form.complexity === 'auto' ? undefined : form.complexity,
    // Streaming brings partial pictures and keeps the connection alive, so it is used wherever it is there.
    stream: model.streaming ? true : undefined,
    partial_images: form.partials,
    // An answer with the pixels in it needs no second fetch from an address that runs out. A name that the table does not know
    // gets nothing that its server might refuse.
    response_format: model.responseFormat && MODELS.includes(model) ? 'b64_json' : undefined,
  };
}

/** The request that the form asks for. Whether it may be sent is for {@link checkForm} to say. */
export function requestFromForm(form: RequestForm, profileId: ProfileId): JobRequest {
  const { sent } = settleParameters('create', wishes(form, findModel(form.model.trim())));
  return { operation: 'create', profileId, parameters: sent };
}

/** What keeps the form from being sent, in the order of the form; empty when nothing does. */
export function checkForm(form: RequestForm): Problem[] {
  const name = form.model.trim();
  if (name === '') return [{ field: 'model', message: 'Name a model.' }];
  const { sent } = settleParameters('create', wishes(form, findModel(name)));
  return checkParameters('create', sent);
}

/** What the form holds and the model or the format does not take, each with its reason; settings left on auto too. */
export function notSent(form: RequestForm): Dropped[] {
  const asked = wishes(form, findModel(form.model.trim()));
  return settleParameters('create', { ...asked, moderation: form.moderation, complexity: asked.complexity ?? 'low' })
    .dropped;
}
