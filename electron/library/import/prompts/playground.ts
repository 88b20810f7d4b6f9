import type { BesideFacts, BesideImage } from './beside.ts';
import { limited } from './found-prompt.ts';
import { asText, isObject, own, plainEntries } from './json-values.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Parameters whose names say that they are secrets are never taken over, wherever they stand. */
const SECRET = /key|token|secret|password|auth/iu;

/**
 * Reads the export of GPT Image Playground and those like it (`manifest.json`): tasks with their prompts, and the files of their images. Its
 * settings hold that program's API key: nothing but the named fields of a task is read. Null: it is something else.
 */
export function readPlayground(parsed: unknown): BesideFacts | null {
  if (!isObject(parsed) || !Array.isArray(parsed['tasks']) || !isObject(parsed['imageFiles'])) return null;
  const files = parsed['imageFiles'];
  const images = new Map<string, BesideImage>();
  for (const task of parsed['tasks'] as unknown[]) {
    if (!isObject(task) || !Array.isArray(task['outputImages'])) continue;
    for (const id of task['outputImages'] as unknown[]) {
      const file = own(files, asText(id) ?? '');
      const path = isObject(file) ? asText(file['path']) : null;
      if (path !== null) images.set(path.replace(/^\.?\//u, ''), imageOf(task));
    }
  }
  return { of: (name) => images.get(name) ?? null };
}

function imageOf(task: Fields): BesideImage {
  const all = isObject(task['params']) ? plainEntries(task['params']) : {};
  const parameters = Object.fromEntries(Object.entries(all).filter(([name]) => !SECRET.test(name)));
  const { model = null, ...others } = parameters;
  const at = task['createdAt'];
  return {
    found: limited({
      source: 'playground',
      prompt: asText(task['prompt']) ?? '',
      negative: null,
      model,
      parameters: others,
    }),
    at: typeof at === 'number' && Number.isFinite(at) ? Math.round(at) : null,
  };
}
