import { MalformedXmlError, tokenizeXml, type StartTag } from '../../svg/tokenize-xml.ts';
import type { NamedText } from './png-text.ts';
import { XMP_PREFIXES } from './xmp-namespaces.ts';

/** More properties than these are in no packet that a program writes. */
const MAX_PROPERTIES = 2000;
/** Elements and attributes that say how a property is written, not what it is. */
const SYNTAX = /^(?:rdf|xml|xmlns|x):/u;
const XMLNS = /^xmlns:(.+)$/u;

/**
 * The properties of an XMP packet by their usual prefixed names, an item of a list each for itself. Structures are read as their innermost
 * values. A packet that isn't well-formed gives what was read until then.
 */
export function readXmp(packet: string): NamedText[] {
  const reader = new XmpReader();
  try {
    tokenizeXml(packet, {
      startTag: (tag) => reader.start(tag),
      text: (part) => reader.append(part),
      endTag: () => reader.end(),
    });
  } catch (thrown) {
    // What was read until then is whole.
    if (!(thrown instanceof MalformedXmlError)) throw thrown;
  }
  return reader.found;
}

class XmpReader {
  readonly found: NamedText[] = [];
  /** The usual prefix for each that the packet uses. */
  readonly #prefixes = new Map<string, string>();
  /** Names of the open elements; null for RDF's own. */
  readonly #open: (string | null)[] = [];
  #text = '';

  start({ qualifiedName, attributes }: StartTag): 'stop' | undefined {
    this.#text = '';
    const entries = Object.entries(attributes);
    for (const [name, uri] of entries) {
      const prefix = XMLNS.exec(name)?.[1];
      const usual = XMP_PREFIXES.get(uri);
      if (prefix !== undefined && usual !== undefined) this.#prefixes.set(prefix, usual);
    }
    for (const [name, value] of entries)
      if (name.includes(':') && !SYNTAX.test(name)) this.#add(this.#usual(name), value);
    // The end of an empty element is reported, too.
    this.#open.push(SYNTAX.test(qualifiedName) ? null : this.#usual(qualifiedName));
    return this.found.length < MAX_PROPERTIES ? undefined : 'stop';
  }

  append(part: string): undefined {
    this.#text += part;
  }

  end(): void {
    const name = this.#open.findLast((open) => open !== null) ?? null;
    if (name !== null && this.#text.trim() !== '') this.#add(name, this.#text);
    this.#text = '';
    this.#open.pop();
  }

  #add(name: string, text: string): void {
    if (text !== '') this.found.push({ name, text });
  }

  #usual(name: string): string {
    const at = name.indexOf(':');
    const prefix = name.slice(0, Math.max(at, 0));
    return at < 0 ? name : `${this.#prefixes.get(prefix) ?? prefix}:${name.slice(at + 1)}`;
  }
}
