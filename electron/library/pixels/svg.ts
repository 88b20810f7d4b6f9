/** Larger SVGs (in characters or bytes) are left to the browser. */
export const MAX_SVG_LENGTH = 1_000_000;
const MAX_USES = 200;
const MAX_FILTERS = 16;

/**
 * Whether an SVG is cheap to render here. The renderer can't be interrupted, and a few lines of SVG can occupy it for hours
 * (filters and references multiply). Anything not clearly cheap gets no thumbnail; the browser displays the SVG itself, in its
 * own process.
 */
export function isCheapSvg(text: string): boolean {
  if (text.length > MAX_SVG_LENGTH) return false;
  if (/<!ENTITY/iu.test(text)) return false;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  // Content repeated per vertex or tile, embedded images, foreign markup, and filters of unbounded cost.
  const costly =
    /<(?:[\w-]+:)?(?:pattern|mask|marker|image|foreignObject|feImage|feConvolveMatrix|feMorphology|feTurbulence)\b/u;
  if (costly.test(text)) return false;
  const uses = count(/<(?:[\w-]+:)?use\b/gu);
  const filters = count(/\bfilter\s*[:=]/gu);
  if (filters > 0 && (uses > 0 || /<(?:[\w-]+:)?style\b/u.test(text))) return false;
  return filters <= MAX_FILTERS && uses <= MAX_USES && !hasNestedUse(text);
}

/** Whether a `use` element is inside an element that can itself be referenced: rendering could then grow exponentially. */
function hasNestedUse(text: string): boolean {
  const openIds: boolean[] = [];
  for (const [, closing, name = '', rest = ''] of text.matchAll(
    /<(\/?)([a-zA-Z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gu,
  )) {
    if (closing) {
      openIds.pop();
      continue;
    }
    if (/^(?:[\w-]+:)?use$/u.test(name) && openIds.some(Boolean)) return true;
    if (!rest.endsWith('/')) openIds.push(/\sid\s*=/u.test(rest) && !/^(?:[\w-]+:)?svg$/u.test(name));
  }
  return false;
}

/** CSS pixels per SVG unit. Relative units (percent, em) have no size of their own. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
};

const ROOT = /<(?:[\w-]+:)?svg\b((?:"[^"]*"|'[^']*'|[^'">])*)>/u;

/** The size in pixels by the root element's width and height, else by its view box, else null. Whole numbers, at least 1. */
export function svgSize(text: string): { width: number; height: number } | null {
  const root = ROOT.exec(text)?.[1];
  if (root === undefined) return null;
  const width = lengthInPixels(attribute(root, 'width'));
  const height = lengthInPixels(attribute(root, 'height'));
  if (width && height) return { width, height };
  const [, , boxWidth = NaN, boxHeight = NaN] = attribute(root, 'viewBox')
    .split(/[\s,]+/u)
    .map(Number);
  if (!(boxWidth > 0 && boxHeight > 0)) return null;
  const scale = width ? width / boxWidth : height ? height / boxHeight : 1;
  return { width: whole(boxWidth * scale), height: whole(boxHeight * scale) };
}

/** The SVG scaled so that its longest edge has `edge` pixels. Null if its root element gives no size. */
export function resizeSvg(text: string, edge: number): string | null {
  const size = svgSize(text);
  if (!size) return null;
  const scale = edge / Math.max(size.width, size.height);
  return text.replace(ROOT, (tag: string, root: string) => {
    const kept = root.replace(/\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*')/gu, '');
    const box = attribute(root, 'viewBox') === '' ? ` viewBox="0 0 ${size.width} ${size.height}"` : '';
    const name = tag.slice(0, tag.length - root.length - 1);
    return `${name} width="${size.width * scale}" height="${size.height * scale}"${box}${kept}>`;
  });
}

function attribute(root: string, name: string): string {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`, 'u').exec(root)?.[1]?.trim() ?? '';
}

function lengthInPixels(text: string): number | null {
  const [, number = '', unit = ''] = /^\+?(\d*\.?\d+(?:e[+-]?\d+)?)([a-z%]*)$/iu.exec(text) ?? [];
  const pixels = Number(number) * (UNITS[unit.toLowerCase()] ?? NaN);
  return number !== '' && pixels > 0 ? whole(pixels) : null;
}

const whole = (pixels: number): number => Math.min(Math.max(Math.round(pixels), 1), 1_000_000);
