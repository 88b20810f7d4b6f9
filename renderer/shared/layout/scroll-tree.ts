import { on } from 'svelte/events';
import { NODE, placeOf, type TreeNode } from './tree-layout.ts';

/** Scrolls a node of a tree and its neighbours into view. */
export function scrollToNode(
  scroller: HTMLElement,
  node: Pick<TreeNode, 'column' | 'row'>,
  behavior: 'smooth' | 'instant',
): void {
  const { left, top, width, height } = placeOf(node);
  const { clientWidth, clientHeight, scrollLeft, scrollTop } = scroller;
  const [beside, above] = [NODE.across - NODE.width, NODE.edge];
  scroller.scrollTo({
    left: Math.min(left - beside, Math.max(scrollLeft, left + width + beside - clientWidth)),
    top: Math.min(top - above, Math.max(scrollTop, top + height + above - clientHeight)),
    behavior,
  });
}

/** A vertical wheel scrolls sideways where there is nothing to scroll vertically. @returns a function that ends it */
export function scrollSideways(element: HTMLElement): () => void {
  const wheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.deltaX !== 0 || element.scrollHeight > element.clientHeight + 1) return;
    event.preventDefault();
    element.scrollLeft += event.deltaY;
  };
  return on(element, 'wheel', wheel, { passive: false });
}
