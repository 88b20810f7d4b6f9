import { MODELS, type Model } from '../../contract/catalogue/models.ts';
import { ApiError } from '../request/api-error.ts';

/** Creation date of every model, Unix seconds: 4 November 2026. */
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

/** Returns the response of `GET /v1/models`: all models of the catalogue. */
export function listModelEntries() {
  return { object: 'list', data: MODELS.map(entryOf) };
}

/** Returns the response of `GET /v1/models/{id}`. @throws ApiError 404 */
export function findModelEntry(id: string) {
  const model = MODELS.find(({ name }) => name === id);
  if (!model)
    throw new ApiError(404, `The model '${id.slice(0, 100)}' does not exist.`, {
      code: 'model_not_found',
      param: 'model',
    });
  return entryOf(model);
}
