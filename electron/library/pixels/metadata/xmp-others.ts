import { MalformedXmlError, tokenizeXml, type StartTag } from '../../svg/tokenize-xml.ts';
import { declare, escapeXml, fullName, type XmpPart } from './xmp-packet.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';
/** Names the second part of a packet, which is written anew. */
const EXTENSION_NOTE = fullName('xmpNote:HasExtendedXMP');

type Namespaces = Readonly<Record<string, string>>;

/** An open element: what it is, with the prefixes that hold in it. */
interface Open {
  name: string;
  namespaces: Namespaces;
  /** Where its tag starts. */
  start: number;
}

/**
 * The properties of an XMP packet that stay when some are replaced, as they are written in it. Null: the packet isn't well-formed.
 * @param replaced full names
 */
export function otherProperties(packet: string, replaced: ReadonlySet<string>): XmpPart[] | null {
  const parts: XmpPart[] = [];
  const open: Open[] = [];
  const stays = (name: string): boolean => !replaced.has(name) && name !== EXTENSION_NOTE;
  const isProperty = (): boolean => open.at(-1)?.name === `${RDF}Description` && open.at(-2)?.name === `${RDF}RDF`;
  try {
    tokenizeXml(packet, {
      startTag(tag) {
        const namespaces = declaredIn(tag, open.at(-1)?.namespaces ?? {});
        open.push({ name: resolve(tag.qualifiedName, namespaces), namespaces, start: tag.start });
        if (isProperty()) parts.push(...attributeParts(tag, namespaces, stays));
        return undefined;
      },
      endTag(_depth, end) {
        const closed = open.pop();
        if (closed && isProperty() && stays(closed.name))
          parts.push(toPart(packet.slice(closed.start, end), closed.namespaces));
      },
    });
  } catch (thrown) {
    if (thrown instanceof MalformedXmlError) return null;
    throw thrown;
  }
  return parts;
}

/** Simple properties may be written as attributes of their description (XMP specification, part 1, 7.9.2.2). */
function attributeParts({ attributes }: StartTag, namespaces: Namespaces, stays: (name: string) => boolean): XmpPart[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const full = resolve(name, namespaces);
    const isOwn = !name.includes(':') || /^xmlns:/u.test(name) || full.startsWith(RDF) || full.startsWith(XML);
    return isOwn || !stays(full) ? [] : [toPart(`<${name}>${escapeXml(value)}</${name}>`, namespaces)];
  });
}

function declaredIn({ attributes }: StartTag, outer: Namespaces): Namespaces {
  const declared = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (declared.length === 0) return outer;
  return { ...outer, ...Object.fromEntries(declared.map(([name, uri]) => [name.slice(6), uri])) };
}

function resolve(name: string, namespaces: Namespaces): string {
  const at = name.indexOf(':');
  const prefix = at === -1 ? '' : name.slice(0, at);
  if (prefix === 'xml') return XML + name.slice(at + 1);
  return (namespaces[prefix] ?? `${prefix}:`) + name.slice(at + 1);
}

/** With the prefixes that it uses; `rdf` is declared around it. */
function toPart(xml: string, namespaces: Namespaces): XmpPart {
  const used = Object.entries(namespaces).filter(
    ([prefix, uri]) => (prefix === '' || xml.includes(`${prefix}:`)) && !(prefix === 'rdf' && uri === RDF),
  );
  return { xml, namespaces: used.map(([prefix, uri]) => declare(prefix, uri)).join('') };
}
