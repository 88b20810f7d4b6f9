import { parseTree, type Node, type ParseError } from 'jsonc-parser';

/** A parsed JSON text. */
export interface ParsedJson {
  /** The value; undefined if nothing could be parsed. */
  json: unknown;
  /** The text has a syntax error, so parts of it are missing in `json`. */
  broken: boolean;
}

/**
 * Parses JSON, and of a text with syntax errors (cut off, edited by hand, `NaN`) what is certain: values that touch an error are left
 * out, because the beginning of a number or an address is another number or address.
 */
export function parseJson(text: string): ParsedJson {
  const plain = text.replace(/^\uFEFF/u, '');
  try {
    return { json: JSON.parse(plain), broken: false };
  } catch {
    return { json: parsePartly(plain), broken: true };
  }
}

function parsePartly(text: string): unknown {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    return root && certainValue(root, (node) => touchesError(text, node, errors));
  } catch {
    return undefined; // nested too deeply
  }
}

function certainValue(node: Node, isDamaged: (node: Node) => boolean): unknown {
  const { children = [] } = node;
  if (node.type === 'array') return children.flatMap((child) => certainValue(child, isDamaged) ?? []);
  if (node.type !== 'object') return isDamaged(node) ? undefined : (node.value as unknown);
  const entries = children.flatMap(({ children: [name, value] = [] }) => {
    const certain = name && value && !isDamaged(name) ? certainValue(value, isDamaged) : undefined;
    return certain === undefined ? [] : [[String(name?.value), certain] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether a value touches an error; also across spaces on its line, as in `25 000`. */
function touchesError(text: string, { offset, length }: Node, errors: readonly ParseError[]): boolean {
  let end = offset + length;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return errors.some((error) => error.offset <= end && error.offset + error.length >= offset);
}
