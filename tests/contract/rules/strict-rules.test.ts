import { expect, test } from 'vitest';
import { strictRequestProblem, strictResponseProblem } from '../../../electron/contract/rules/strict-rules.ts';

const FIRST = { width: 1536, height: 1024 };

test('what can’t be applied is known before sending', () => {
  expect(strictRequestProblem(FIRST, null, null)).toBeNull();
  expect(strictRequestProblem(FIRST, { width: 3072, height: 2048 }, 'jpeg')).toBeNull();
  expect(strictRequestProblem(FIRST, null, 'svg')).toMatch(/is an SVG/u);
  expect(strictRequestProblem({ width: 7000, height: 5300 }, null, null)).toBe(
    'The first image is 7000 × 5300; strict masks support up to 36 million pixels. Switch off the strict mask to send this.',
  );
  expect(strictRequestProblem(FIRST, { width: 1024, height: 1024 }, null)).toBe(
    'The first image is 1536 × 1024. A response of 1024 × 1024 has another aspect ratio, so the strict mask can’t be applied. Choose a size with the same ratio, or switch off the strict mask.',
  );
});

test('the same rule judges what was received', () => {
  const still = { format: 'png', frames: 1 } as const;
  expect(strictResponseProblem(FIRST, { ...still, width: 1540, height: 1024 })).toBeNull();
  expect(strictResponseProblem(FIRST, { ...still, width: 1024, height: 1024 })).toMatch(/aspect ratios differ/u);
  expect(strictResponseProblem(FIRST, { format: 'gif', frames: 4, ...FIRST })).toMatch(/animation \(GIF\)/u);
  expect(strictResponseProblem(FIRST, { ...still, width: 9000, height: 6000 })).toMatch(/^The response is 9000/u);
  // The very edge of the limit.
  expect(strictResponseProblem({ width: 6000, height: 6000 }, { ...still, width: 60, height: 60 })).toBeNull();
  expect(strictResponseProblem({ width: 6000, height: 6001 }, { ...still, width: 60, height: 60 })).not.toBeNull();
});
