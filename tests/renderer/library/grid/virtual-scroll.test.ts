import { expect, test } from 'vitest';
import fc from '../../../fast-check.ts';
import { scrollScale, toContent, toPlane } from '../../../../renderer/library/grid/scroll-scale.ts';
import { VirtualScroll } from '../../../../renderer/library/grid/VirtualScroll.svelte.ts';

/** Chromium: 2²⁵ device pixels. */
const MAX_LAYOUT = 33_554_432;
const sizes = fc.record({
  /** A million images in rows of 72 to 320 px and one to forty images. */
  content: fc.integer({ min: 0, max: 330_000_000 }),
  view: fc.integer({ min: 100, max: 4000 }),
  density: fc.double({ min: 1, max: 3, noNaN: true }),
});

test('the plane is never too tall, and its ends are the content’s ends', () => {
  fc.assert(
    fc.property(sizes, ({ content, view, density }) => {
      const scale = scrollScale(content, view, density);
      expect(scale.plane * density).toBeLessThan(MAX_LAYOUT);
      expect([toContent(scale, 0), toContent(scale, scale.planeEnd)]).toEqual([0, scale.contentEnd]);
      expect([toPlane(scale, 0), toPlane(scale, scale.contentEnd)]).toEqual([0, scale.planeEnd]);
    }),
  );
});

test('both directions agree, and later stays later', () => {
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ content, view, density }, part) => {
      const scale = scrollScale(content, view, density);
      const at = part * scale.contentEnd;
      const digits = Math.max(1e-3, scale.contentEnd * 1e-9);
      expect(Math.abs(toContent(scale, toPlane(scale, at)) - at)).toBeLessThan(digits);
      expect(toContent(scale, part * scale.planeEnd)).toBeLessThanOrEqual(
        toContent(scale, Math.min(scale.planeEnd, part * scale.planeEnd + 1)),
      );
    }),
  );
});

/** A browser's scroller: it rounds and limits what is set. */
function scrollerOf({ content, view, density }: { content: number; view: number; density: number }) {
  const scroll = new VirtualScroll();
  let scrollTop = scroll.resize(content, view, density);
  const limit = (to: number) => Math.min(Math.max(0, scroll.plane - view), Math.max(0, to));
  const wheel = (by: number) => {
    scrollTop = limit(scrollTop + by);
    scroll.follow(scrollTop, false);
  };
  const rest = () => {
    scrollTop = scroll.settle() ?? scrollTop;
  };
  const jump = (to: number) => {
    scrollTop = scroll.jump(to);
  };
  const drag = (part: number) => {
    scrollTop = Math.round(part * limit(Infinity));
    scroll.follow(scrollTop, true);
  };
  return { scroll, wheel, rest, jump, drag, at: () => scrollTop };
}

test('the wheel moves by real pixels, wherever one is', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 40 }),
      (size, part, turns) => {
        const { scroll, wheel, rest, jump } = scrollerOf(size);
        jump(part * scroll.end);
        for (const by of turns) {
          const before = scroll.top;
          wheel(by);
          expect(scroll.top).toBe(Math.min(scroll.end, Math.max(0, before + by)));
          // What is on the screen stays when the scrollbar is brought to its place.
          const shown = scroll.top;
          rest();
          expect(scroll.top).toBe(shown);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('the wheel alone reaches both ends from nearby', () => {
  const { scroll, wheel, rest, jump, at } = scrollerOf({ content: 40_000_000, view: 900, density: 2 });
  jump(20_000);
  for (let turn = 0; turn < 300 && scroll.top > 0; turn += 1) wheel(-100);
  rest();
  expect([scroll.top, at()]).toEqual([0, 0]);
  jump(scroll.end - 20_000);
  for (let turn = 0; turn < 300 && scroll.top < scroll.end; turn += 1) wheel(100);
  expect([scroll.top, scroll.end]).toEqual([scroll.end, 40_000_000 - 900]);
});

test('dragging the scrollbar goes through everything in proportion, to both ends', () => {
  const { scroll, drag } = scrollerOf({ content: 100_000_000, view: 900, density: 1 });
  drag(0.5);
  expect(Math.abs(scroll.top / scroll.end - 0.5)).toBeLessThan(0.01);
  drag(1);
  expect(scroll.top).toBe(scroll.end);
  drag(0);
  expect(scroll.top).toBe(0);
});

test('content that fits is scrolled as it is', () => {
  const { scroll, wheel, rest, at } = scrollerOf({ content: 5000, view: 900, density: 1 });
  wheel(4000);
  rest();
  expect([scroll.plane, scroll.top, scroll.shift, at()]).toEqual([5000, 4000, 0, 4000]);
});
