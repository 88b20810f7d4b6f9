import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { checkSize } from '../../../../electron/contract/rules/size-rules.ts';
import { nearestSize } from '../../../../renderer/request/model/nearest-size.ts';

const rule = findModel('gpt-image-2.6-sunburst').sizes;

test.each([
  ['3900x1392', '3840x1392'],
  ['1000x1000', '1008x1008'],
  ['3840x640', '3840x1280'],
  ['512x512', '816x816'],
  ['3840x3840', '2880x2880'],
])('%s becomes %s', (typed, fixed) => {
  expect(nearestSize(typed, rule)).toBe(fixed);
});

test('nothing is offered for what is no size or stands in a list', () => {
  expect(nearestSize('wide', rule)).toBeNull();
  expect(nearestSize('999x999', findModel('dall-e-3').sizes)).toBeNull();
});

test('whatever is offered is taken', () => {
  const edge = fc.integer({ min: 1, max: 99_999 });
  fc.assert(
    fc.property(edge, edge, (width, height) => {
      const fixed = nearestSize(`${width}x${height}`, rule);
      return fixed === null || checkSize(fixed, rule) === null;
    }),
  );
});
