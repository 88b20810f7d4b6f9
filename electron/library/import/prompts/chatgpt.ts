import { baseName, type BesideFacts, type BesideImage } from './beside.ts';
import { limited } from './found-prompt.ts';
import { asText, isObject, own } from './json-values.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Messages above an image in which its prompt is looked for. */
const MAX_ABOVE = 20;
/** `file-service://file-AbC` or `sediment://file_00ab`: the id begins the name of the file. */
const POINTER = /^(?:file-service|sediment):\/\/(file[-_][A-Za-z0-9]+)/u;
const FILE_ID = /^file[-_][A-Za-z0-9]+/u;

/** Reads ChatGPT's export (one of its `conversations….json`): the prompts of the images that were made in it. Null: it is something else. */
export function readChatGpt(parsed: unknown): BesideFacts | null {
  if (!Array.isArray(parsed) || !parsed.some((item) => isObject(item) && isObject(item['mapping']))) return null;
  const images = new Map<string, BesideImage>();
  for (const conversation of parsed as unknown[]) {
    const mapping = isObject(conversation) ? conversation['mapping'] : null;
    if (isObject(mapping)) addImages(mapping, images);
  }
  return { of: (name) => images.get(FILE_ID.exec(baseName(name))?.[0] ?? '') ?? null };
}

function addImages(mapping: Fields, images: Map<string, BesideImage>): void {
  for (const node of Object.values(mapping)) {
    const message = messageOf(node);
    // Images that the person sent are listed in the same way.
    if (!message || roleOf(message) === 'user') continue;
    for (const part of partsOf(message)) {
      const id = isObject(part) ? POINTER.exec(asText(part['asset_pointer']) ?? '')?.[1] : undefined;
      if (id !== undefined && isObject(part)) images.set(id, imageOf(part, { node, message, mapping }));
    }
  }
}

function imageOf(
  part: Fields,
  { node, message, mapping }: { node: unknown; message: Fields; mapping: Fields },
): BesideImage {
  const metadata = isObject(part['metadata']) ? part['metadata'] : {};
  const dalle = isObject(metadata['dalle']) ? metadata['dalle'] : {};
  const prompt = asText(dalle['prompt']) || (promptAbove(node, mapping) ?? '');
  const seed = asText(dalle['seed']);
  const about = isObject(message['metadata']) ? message['metadata'] : {};
  const seconds = message['create_time'];
  return {
    found: limited({
      source: 'chatgpt',
      prompt,
      negative: null,
      model: asText(about['model_slug']),
      parameters: seed === null ? {} : { seed },
    }),
    at: typeof seconds === 'number' ? Math.round(seconds * 1000) : null,
  };
}

/** The nearest text of the person above a message. */
function promptAbove(node: unknown, mapping: Fields): string | null {
  let at: unknown = node;
  for (let step = 0; step < MAX_ABOVE && isObject(at); step += 1) {
    const message = messageOf(at);
    if (message && roleOf(message) === 'user') {
      const text = partsOf(message)
        .filter((part): part is string => typeof part === 'string')
        .join('\n')
        .trim();
      if (text !== '') return text;
    }
    at = own(mapping, asText(at['parent']) ?? '');
  }
  return null;
}

function messageOf(node: unknown): Fields | null {
  return isObject(node) && isObject(node['message']) ? node['message'] : null;
}

function roleOf(message: Fields): unknown {
  return isObject(message['author']) ? message['author']['role'] : null;
}

function partsOf(message: Fields): readonly unknown[] {
  const parts = isObject(message['content']) ? message['content']['parts'] : null;
  return Array.isArray(parts) ? parts : [];
}
