import { fitMark, markBounds } from './mark-bounds.ts';
import type { Mark } from '../document/mark.ts';

/** A number of a mark that can be edited, whole image pixels. */
export interface MarkNumber {
  key: string;
  label: string;
  value: number;
}

/** A mark's position and size: an arrow's ends, a text's corner and height, the others' bounding box. */
export function numbersOf(mark: Mark): MarkNumber[] {
  return numbers(mark).map(([key, label, value]) => ({ key, label, value: Math.round(value) }));
}

function numbers(mark: Mark): [key: string, label: string, value: number][] {
  if (mark.kind === 'arrow') {
    const { from, to } = mark;
    return [
      ['fromX', 'From X', from.x],
      ['fromY', 'From Y', from.y],
      ['toX', 'To X', to.x],
      ['toY', 'To Y', to.y],
    ];
  }
  const { left, top, width, height } = markBounds(mark);
  const place: [string, string, number][] = [
    ['left', 'X', left],
    ['top', 'Y', top],
  ];
  if (mark.kind === 'text') return [...place, ['size', 'Size', mark.size]];
  return [...place, ['width', 'Width', width], ['height', 'Height', height]];
}

/** Changes one number of a mark. */
export function withNumber(mark: Mark, key: string, value: number): Mark {
  if (mark.kind === 'arrow') {
    const end = key.startsWith('from') ? 'from' : 'to';
    return { ...mark, [end]: { ...mark[end], [key.endsWith('X') ? 'x' : 'y']: value } };
  }
  if (mark.kind === 'text' && key === 'size') return { ...mark, size: Math.max(1, value) };
  const bounds = markBounds(mark);
  const length = key === 'width' || key === 'height';
  return fitMark(mark, { ...bounds, [key]: length ? Math.max(1, value) : value });
}
