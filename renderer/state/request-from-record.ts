import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { DEFAULT_MODEL, MAX_IMAGES_PER_JOB } from '../../electron/contract/catalogue/models.ts';
import type { CreateParameters, EditParameters } from '../../electron/contract/catalogue/parameters.ts';
import { formFromRequest, type RequestForm } from './request-form.ts';

/** The request of an image, rebuilt from its record. For an imported image one that creates from its prompt, with the default model. */
export function requestFromRecord(record: ImageRecord, profileId: ProfileId): JobRequest {
  const { generation } = record;
  if (generation === null)
    return { operation: 'create', profileId, parameters: { model: DEFAULT_MODEL, prompt: record.prompt } };
  const { operation, parameters, variation, strict } = generation;
  const inputs = generation.inputs.map(({ role, sha256, imageId }) => ({ role, sha256, image: imageId }));
  // A record stores the parameters of its own operation.
  if (operation === 'create') return { operation, profileId, parameters } as JobRequest;
  const shared = { profileId, inputs };
  return operation === 'edit'
    ? {
        operation,
        ...shared,
        parameters: parameters as EditParameters,
        ...(variation && { variation }),
        ...(strict && { strict }),
      }
    : { operation, ...shared, parameters };
}

/** The form that repeats an image's request, with its inputs. It goes to the selected profile: the form stores none. */
export function formFromRecord(record: ImageRecord, profileId: ProfileId | null | undefined): RequestForm {
  const form = formFromRequest(requestFromRecord(record, profileId ?? ('demo' as ProfileId)));
  // Four streamed images were four requests of one image each: the form gets four again.
  const streamed = (record.generation?.parameters as Partial<CreateParameters> | undefined)?.stream === true;
  const count = streamed ? Math.max(form.count, record.siblings.length) : form.count;
  return { ...form, count: Math.min(MAX_IMAGES_PER_JOB, count) };
}

/** The prompt that was sent for an image, or that came with an imported one; '' for none. */
export function promptOf(record: ImageRecord | null): string {
  if (record === null) return '';
  if (record.generation === null) return record.prompt;
  return (record.generation.parameters as Partial<CreateParameters>).prompt ?? '';
}
