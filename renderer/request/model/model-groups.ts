import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import { findModel, MODELS, type Model } from '../../../electron/contract/catalogue/models.ts';
import { parameterName } from '../../state/parameter-labels.ts';
import type { ResolvedForm } from './request-from-form.ts';

/** One model of the picker. */
interface ModelOption {
  /** The model's name. */
  value: string;
  /** Why it doesn't support the request, or when it is retired and its successor. */
  note: string | null;
  warns: boolean;
}

/** Models under one heading. */
export interface ModelGroup {
  group: ModelGroupId;
  name: string;
  options: ModelOption[];
}

type ModelGroupId = 'here' | 'rest' | 'going' | 'gone' | 'cannot';

/** The groups in order; the first one is named after the profile. */
const GROUP_NAMES: readonly (readonly [group: ModelGroupId, name: string | null])[] = [
  ['here', null],
  ['rest', 'Not listed by this server'],
  ['going', 'Retiring'],
  ['gone', 'Shut down by OpenAI'],
  ['cannot', 'Not supported for this request'],
];

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const DAY = 86_400_000;
/** Names of image models, among the hundreds of models that a large server lists. */
const IMAGE_MODEL_NAMES = /image|dall-?e|flux|diffusion|sdxl|pixart|qwen|wan|draw|paint/iu;
/** Up to this many models the list isn't filtered. */
const SHORT_LIST = 40;

/** The server's models that may create images, as its probe found them; null where the server lists none. */
export function listedModels({ found }: Pick<Profile, 'found'>): string[] | null {
  const listed = found?.models ?? null;
  if (listed === null || listed.length <= SHORT_LIST) return listed;
  return listed.filter((name) => IMAGE_MODEL_NAMES.test(name));
}

/**
 * The picker's models in groups: this server's, the rest of the catalogue, retiring ones, and those that don't support the current
 * request.
 * @param settle resolves the form with another model
 */
export function modelGroups(
  profile: Pick<Profile, 'name' | 'found'>,
  settle: (model: string) => ResolvedForm,
  now: number,
): ModelGroup[] {
  const listed = listedModels(profile);
  const names = [...new Set([...MODELS.map(({ name }) => name), ...(listed ?? [])])];
  const groups: Record<ModelGroupId, ModelOption[]> = { here: [], rest: [], going: [], gone: [], cannot: [] };
  for (const name of names) {
    const model = findModel(name);
    const why = unsupportedReason(settle(name));
    const date = model.shutdown === null ? null : Date.parse(model.shutdown);
    const note = why ?? shutdownNote(model, now);
    const option = { value: name, note, warns: why === null && note !== null };
    groups[groupFor(why, date === null ? null : date <= now, listed?.includes(name) ?? null)].push(option);
  }
  return GROUP_NAMES.map(([group, name]) => ({ group, name: name ?? profile.name, options: groups[group] })).filter(
    ({ options }) => options.length > 0,
  );
}

/** `gone`: whether it is shut down, null for no shutdown date; `listed`: whether the server lists it, null where it has no list. */
function groupFor(why: string | null, gone: boolean | null, listed: boolean | null): ModelGroupId {
  if (why !== null) return 'cannot';
  if (gone === false) return 'going';
  if (gone === true && listed !== true) return 'gone';
  return listed === false ? 'rest' : 'here';
}

/** Why the model doesn't support the current request; null where it does. */
function unsupportedReason({ problems, unsupported }: ResolvedForm): string | null {
  const missing = problems.find(({ field }) => field === 'model');
  if (missing) return missing.message;
  const put = unsupported[0];
  return put ? `${parameterName(put.field)} ${put.chosen}: ${put.reason}` : null;
}

/** The shutdown date and successor; null for a model without a shutdown date. */
export function shutdownNote({ shutdown, successor }: Model, now: number): string | null {
  if (shutdown === null) return null;
  const days = Math.ceil((Date.parse(shutdown) - now) / DAY);
  const next = successor ? ` Next: ${successor}.` : '';
  if (days <= 0)
    return `Shut down by OpenAI on ${day.format(Date.parse(shutdown))}; other servers may still offer it.${next}`;
  return `Shuts down ${day.format(Date.parse(shutdown))}, in ${days} ${days === 1 ? 'day' : 'days'}.${next}`;
}
