import type { Mark } from '../../../../renderer/canvas/document/mark.ts';

const style = { colour: '#e23b2e', width: 8 } as const;

export const PEN: Mark = { kind: 'pen', id: 'pen', ...style, points: [20, 20, 40, 60, 90, 60, 120, 30] };
export const ARROW: Mark = { kind: 'arrow', id: 'arrow', ...style, from: { x: 20, y: 150 }, to: { x: 140, y: 150 } };
export const BOX: Mark = { kind: 'box', id: 'box', ...style, rect: { left: 200, top: 20, width: 80, height: 60 } };
export const CIRCLE: Mark = {
  kind: 'circle',
  id: 'circle',
  ...style,
  colour: '#2f6fe4',
  rect: { left: 200, top: 110, width: 80, height: 60 },
};
export const TEXT: Mark = { kind: 'text', id: 'text', ...style, at: { x: 20, y: 200 }, text: 'two\nlines', size: 30 };

export const MARKS = [PEN, ARROW, BOX, CIRCLE, TEXT] as const;
