import { MODELS, type Model } from '../../contract/catalogue/models.ts';
import { ApiError } from '../request/api-error.ts';

/** The day that stands as every model's birthday here: 4 November 2026. */
const CREATED = 1_793_750_400;

function entryOf({ name, shutdown }: Model) {
  return {
    id: name,
    object: 'model',
    created: CREATED,
    owned_by: 'demo',
    ...(shutdown === null ? {} : { shutdown_date: shutdown }),
  };
}

/** The answer to `GET /v1/models`: every model of the catalogue. */
export function listModelEntries() {
  return { object: 'list', data: MODELS.map(entryOf) };
}

/** The answer to `GET /v1/models/{id}`. */
export function findModelEntry(id: string) {
  const model = MODELS.find(({ name }) => name === id);
  if (!model)
    throw new ApiError(404, `The model '${id.slice(0, 100)}' does not exist.`, {
      code: 'model_not_found',
      param: 'model',
    });
  return entryOf(model);
}
