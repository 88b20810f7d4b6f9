import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** Deeper elements and more attributes than these are in no drawing. */
const MAX_DEPTH = 512;
const MAX_ATTRIBUTES = 1_000;

/** An element's start tag: attributes decoded, and where the tag stands in the text. */
export interface StartTag {
  /** Without its prefix. */
  name: string;
  /** As written, with its prefix. */
  qualifiedName: string;
  attributes: Readonly<Record<string, string>>;
  selfClosing: boolean;
  start: number;
  end: number;
}

/** What a reader does with each part of the text. Returning `stop` ends the reading. */
export interface XmlReader {
  /** A start tag begins; its attributes may be cut off. Without its prefix. */
  tagName?(name: string): 'stop' | undefined;
  startTag?(tag: StartTag, depth: number): 'stop' | undefined;
  /** @param end where the tag ends in the text */
  endTag?(depth: number, end: number): void;
  /** Character data, CDATA sections included. */
  text?(text: string): 'stop' | undefined;
  doctype?(text: string): 'stop' | undefined;
  instruction?(target: string): 'stop' | undefined;
}

/** The text isn't well-formed XML: it is damaged or incomplete. */
export class MalformedXmlError extends Error {}

/** Thrown through the tokenizer, which has no other way to end early. */
class Stop extends Error {}

/**
 * Reads XML from start to end, in time proportional to its length. The first error ends the reading. Entities aren't expanded, apart
 * from XML's own five.
 * @returns whether the whole text was read; false if the reader stopped, or if it is nested too deep or has too many attributes
 * @throws MalformedXmlError
 */
export function tokenizeXml(text: string, reader: XmlReader): boolean {
  const parser = new SaxesParser({ xmlns: false, position: false });
  connect(parser, text, reader);
  try {
    parser.write(text).close();
    return true;
  } catch (thrown) {
    if (thrown instanceof Stop) return false;
    throw thrown;
  }
}

function connect(parser: SaxesParser, text: string, reader: XmlReader): void {
  let depth = 0;
  let attributes = 0;
  const stopIf = (answer: 'stop' | undefined): void => {
    if (answer === 'stop') throw new Stop();
  };
  parser.on('error', ({ message }) => {
    throw new MalformedXmlError(message);
  });
  parser.on('opentagstart', ({ name }) => {
    attributes = 0;
    stopIf(reader.tagName?.(localName(name)));
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES) throw new Stop();
  });
  parser.on('opentag', (tag) => {
    if (depth === MAX_DEPTH) throw new Stop();
    stopIf(reader.startTag?.(toStartTag(tag, text, parser.position), depth));
    depth += 1;
  });
  parser.on('closetag', () => {
    depth -= 1;
    reader.endTag?.(depth, parser.position);
  });
  const characters = (part: string): void => stopIf(reader.text?.(part));
  parser.on('text', characters);
  parser.on('cdata', characters);
  parser.on('doctype', (part) => stopIf(reader.doctype?.(part)));
  parser.on('processinginstruction', ({ target }) => stopIf(reader.instruction?.(target)));
}

function toStartTag(tag: SaxesTagPlain, text: string, end: number): StartTag {
  return {
    name: localName(tag.name),
    qualifiedName: tag.name,
    attributes: tag.attributes,
    selfClosing: tag.isSelfClosing,
    // An attribute can't contain a "<", so the last one starts this tag.
    start: text.lastIndexOf('<', end - 1),
    end,
  };
}

/** A name without its namespace prefix. */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
