import { MalformedXmlError, tokenizeXml, type StartTag, type XmlReader } from './tokenize-xml.ts';

/** Width and height in pixels. */
export interface SvgSize {
  width: number;
  height: number;
}

/** Whether text, or its beginning, is an SVG: after an XML declaration, comments and a document type, `svg` is the first element. */
export function isSvg(head: string): boolean {
  const start = head.trimStart();
  if (!start.startsWith('<')) return false;
  if (/^<!DOCTYPE\s+svg\s/u.test(start)) return true;
  let root = '';
  readSafely(start, {
    tagName(name) {
      root = name;
      return 'stop';
    },
  });
  return root === 'svg';
}

/** The size in pixels by the root element's width and height, else by its view box, else null. Whole numbers, at least 1. */
export function svgSize(text: string): SvgSize | null {
  const root = findRoot(text);
  return root?.name === 'svg' ? sizeOf(root) : null;
}

/** The SVG scaled so that its longest edge has `edge` pixels. Null if its root element gives no size. */
export function resizeSvg(text: string, edge: number): string | null {
  const root = findRoot(text);
  const size = root?.name === 'svg' ? sizeOf(root) : null;
  if (!root || !size) return null;
  const scale = edge / Math.max(size.width, size.height);
  const attributes: Record<string, string> = {
    viewBox: `0 0 ${size.width} ${size.height}`,
    ...root.attributes,
    width: String(size.width * scale),
    height: String(size.height * scale),
  };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`);
  const tag = `<${root.qualifiedName}${written.join('')}${root.selfClosing ? '/' : ''}>`;
  return `${text.slice(0, root.start)}${tag}${text.slice(root.end)}`;
}

/** The first element's start tag; null if the text ends or is malformed before it. */
function findRoot(text: string): StartTag | null {
  let root: StartTag | null = null;
  readSafely(text, {
    startTag(tag) {
      root = tag;
      return 'stop';
    },
  });
  return root;
}

/** Reads up to the first error. */
function readSafely(text: string, reader: XmlReader): void {
  try {
    tokenizeXml(text, reader);
  } catch (thrown) {
    if (!(thrown instanceof MalformedXmlError)) throw thrown;
  }
}

function sizeOf({ attributes }: StartTag): SvgSize | null {
  const width = lengthInPixels(attributes.width ?? '');
  const height = lengthInPixels(attributes.height ?? '');
  if (width && height) return { width, height };
  const [, , boxWidth = NaN, boxHeight = NaN] = (attributes.viewBox ?? '')
    .trim()
    .slice(0, MAX_VIEW_BOX)
    .split(/[\s,]+/u)
    .map(Number);
  if (!(boxWidth > 0 && boxHeight > 0)) return null;
  const scale = width ? width / boxWidth : height ? height / boxHeight : 1;
  return { width: whole(boxWidth * scale), height: whole(boxHeight * scale) };
}

/** Longer lengths and view boxes are no numbers. */
const MAX_LENGTH = 40;
const MAX_VIEW_BOX = 200;

/** CSS pixels per SVG unit. Relative units (percent, em) have no size of their own. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['px', 1],
  ['pt', 4 / 3],
  ['pc', 16],
  ['in', 96],
  ['cm', 96 / 2.54],
  ['mm', 96 / 25.4],
]);

function lengthInPixels(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return null;
  const [, number = '', unit = ''] = /^\+?(\d*\.?\d+(?:e[+-]?\d+)?)([a-z%]*)$/iu.exec(trimmed) ?? [];
  const pixels = Number(number) * (UNITS.get(unit.toLowerCase()) ?? NaN);
  return number !== '' && pixels > 0 ? whole(pixels) : null;
}

const whole = (pixels: number): number => Math.min(Math.max(Math.round(pixels), 1), 1_000_000);

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"\t\n\r]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
