/**
 * Namespaces of XMP properties that are read or written, by the prefix that their specifications suggest. Emulsion's own has no address that it
 * could be read at.
 */
export const XMP_NAMESPACES = {
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  xmpMM: 'http://ns.adobe.com/xap/1.0/mm/',
  xmpNote: 'http://ns.adobe.com/xmp/note/',
  lr: 'http://ns.adobe.com/lightroom/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  emulsion: 'urn:uuid:5415525b-f37b-44bc-9e89-fffe98c89159#',
} as const;

/** The usual prefix of each namespace. */
export const XMP_PREFIXES: ReadonlyMap<string, string> = new Map(
  Object.entries(XMP_NAMESPACES).map(([prefix, uri]) => [uri, prefix] as const),
);
