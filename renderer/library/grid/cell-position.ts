/** The position of the cell that an event's target is in; null outside of cells. */
export function positionOf(target: EventTarget | null): number | null {
  const cell = target instanceof Element ? target.closest('[data-position]') : null;
  const position = cell?.getAttribute('data-position');
  return position === null || position === undefined ? null : Number(position);
}
