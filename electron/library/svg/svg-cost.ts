import { localName, tokenizeXml, type StartTag } from './tokenize-xml.ts';

/** Larger SVGs (in characters or bytes) are left to the browser. */
export const MAX_SVG_LENGTH = 1_000_000;
const MAX_USES = 200;
const MAX_FILTERS = 16;
const MAX_FILTER_PRIMITIVES = 64;

/** Content repeated for each vertex or tile, embedded images, foreign markup, and filters of unbounded cost. */
const COSTLY = new Set([
  'pattern',
  'mask',
  'marker',
  'image',
  'foreignObject',
  'include',
  'feImage',
  'feConvolveMatrix',
  'feMorphology',
  'feTurbulence',
]);

/**
 * Whether an SVG is cheap to render here. A few lines of SVG can occupy a renderer for hours (filters and references multiply).
 * Anything not clearly cheap gets no thumbnail; the browser displays the SVG itself, in its own process.
 * @throws MalformedXmlError if it is damaged or incomplete
 */
export function isCheapSvg(text: string): boolean {
  if (text.length > MAX_SVG_LENGTH) return false;
  const cost = new SvgCost();
  const complete = tokenizeXml(text, {
    startTag: (tag) => cost.open(tag),
    endTag: () => cost.close(),
    text: (part) => cost.text(part),
    doctype: (part) => (part.includes('<!ENTITY') ? 'stop' : undefined),
    instruction: (target) => (target === 'xml-stylesheet' ? 'stop' : undefined),
  });
  return complete && !cost.isHigh();
}

/** What adds up while an SVG is read. */
class SvgCost {
  #uses = 0;
  #filters = 0;
  #primitives = 0;
  #styles = false;
  /** For each open element, whether it can be referenced as a whole; and how many of them can. */
  readonly #open: boolean[] = [];
  #referable = 0;

  open({ name, attributes }: StartTag): 'stop' | undefined {
    if (COSTLY.has(name)) return 'stop';
    // A `use` inside an element that can itself be referenced: rendering could grow exponentially.
    if (name === 'use' && this.#referable > 0) return 'stop';
    if (name === 'use') this.#uses += 1;
    if (name === 'style') this.#styles = true;
    if (name.startsWith('fe')) this.#primitives += 1;
    for (const [attribute, value] of Object.entries(attributes)) {
      if (localName(attribute) === 'filter') this.#filters += 1;
      else if (attribute === 'style' && this.#readStyle(value) === 'stop') return 'stop';
    }
    const referable = attributes.id !== undefined && name !== 'svg';
    this.#open.push(referable);
    if (referable) this.#referable += 1;
    return this.isHigh() ? 'stop' : undefined;
  }

  close(): void {
    if (this.#open.pop()) this.#referable -= 1;
  }

  text(part: string): 'stop' | undefined {
    return this.#styles ? this.#readStyle(part) : undefined;
  }

  isHigh(): boolean {
    if (this.#filters > 0 && (this.#uses > 0 || this.#styles)) return true;
    return this.#filters > MAX_FILTERS || this.#uses > MAX_USES || this.#primitives > MAX_FILTER_PRIMITIVES;
  }

  /** Escapes could hide a property's name. */
  #readStyle(css: string): 'stop' | undefined {
    if (css.includes('\\')) return 'stop';
    if (/filter/iu.test(css)) this.#filters += css.split(/filter/iu).length - 1;
    return this.isHigh() ? 'stop' : undefined;
  }
}
