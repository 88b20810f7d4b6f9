import { createHash } from 'node:crypto';
import { XMP_NAMESPACES } from './xmp-namespaces.ts';

type Prefix = keyof typeof XMP_NAMESPACES;
export type XmpName = `${Prefix}:${string}`;

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** A property of an image. An array is an unordered list; `language` stands for a text in the default language. */
export interface XmpProperty {
  name: XmpName;
  value: string | readonly string[] | { language: string };
}

/** A property as XML, with the attributes that declare the prefixes in it. */
export interface XmpPart {
  xml: string;
  namespaces: string;
}

/** Makes a new packet's properties from the texts of the packets that a file has. */
export type MergeXmp = (packets: readonly (string | null)[]) => XmpPart[];

/** A property's name with its namespace instead of a prefix, as others may choose another prefix. */
export function fullName(name: XmpName): string {
  const [prefix = '', local = ''] = name.split(':');
  return XMP_NAMESPACES[prefix as Prefix] + local;
}

export function declare(prefix: string, namespace: string): string {
  return ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeXml(namespace).replaceAll('"', '&quot;')}"`;
}

export function propertyPart({ name, value }: XmpProperty): XmpPart {
  const prefix = name.slice(0, name.indexOf(':')) as Prefix;
  return { xml: `<${name}>${valueXml(value)}</${name}>`, namespaces: declare(prefix, XMP_NAMESPACES[prefix]) };
}

/** A whole packet, read-only and without padding (XMP specification, part 1, 7.3). */
export function xmpPacket(parts: readonly XmpPart[]): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>${xmpMeta(parts)}<?xpacket end="r"?>`;
}

/** A packet in two parts, for a container that has no room for all of it. */
export interface SplitPacket {
  /** A whole packet that names the rest by its digest. */
  packet: string;
  /** The longest properties; a document without the packet's wrapper. */
  rest: Buffer;
  /** MD5 of `rest`, 32 upper-case hexadecimal digits. */
  digest: string;
}

/** Moves the longest properties into a second part until the others fit (XMP specification, part 3, 1.1.3.1). @param max bytes of the packet */
export function splitPacket(parts: readonly XmpPart[], max: number): SplitPacket {
  const byLength = [...parts].sort((one, other) => bytesOf(other) - bytesOf(one));
  const moved = new Set<XmpPart>();
  let size = Buffer.byteLength(xmpPacket(parts)) + NOTE_ROOM;
  for (const part of byLength) {
    if (size <= max) break;
    moved.add(part);
    size -= Buffer.byteLength(part.xml);
  }
  const rest = Buffer.from(xmpMeta(parts.filter((part) => moved.has(part))), 'utf8');
  const digest = createHash('md5').update(rest).digest('hex').toUpperCase();
  const note = propertyPart({ name: 'xmpNote:HasExtendedXMP', value: digest });
  return { packet: xmpPacket([...parts.filter((part) => !moved.has(part)), note]), rest, digest };
}

/** What the name of the rest takes at most. */
const NOTE_ROOM = 512;

const bytesOf = ({ xml }: XmpPart): number => Buffer.byteLength(xml);

function xmpMeta(parts: readonly XmpPart[]): string {
  const groups = Map.groupBy(parts, ({ namespaces }) => namespaces);
  const body = [...groups].map(
    ([namespaces, group]) =>
      `<rdf:Description rdf:about=""${namespaces}>${group.map(({ xml }) => xml).join('')}</rdf:Description>`,
  );
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${body.join('')}</rdf:RDF></x:xmpmeta>`;
}

function valueXml(value: XmpProperty['value']): string {
  if (typeof value === 'string') return escapeXml(value);
  if ('language' in value)
    return `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(value.language)}</rdf:li></rdf:Alt>`;
  return `<rdf:Bag>${value.map((item) => `<rdf:li>${escapeXml(item)}</rdf:li>`).join('')}</rdf:Bag>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };

/** Characters that XML 1.0 has no way to write (2.2) become U+FFFD; a carriage return would be read as a line feed. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/gu, '\uFFFD')
    .replace(/[&<>\r]/gu, (character) => ENTITIES[character] ?? character);
}
