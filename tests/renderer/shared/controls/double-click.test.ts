import { expect, test, vi } from 'vitest';
import { firstClickOnly } from '../../../../renderer/shared/controls/double-click.ts';

test('the second click of a double click does nothing; the keyboard always counts', () => {
  const handler = vi.fn();
  const click = firstClickOnly(handler);
  for (const detail of [1, 2, 3]) click(new MouseEvent('click', { detail }));
  expect(handler).toHaveBeenCalledTimes(1);
  click(new MouseEvent('click', { detail: 0 }));
  expect(handler).toHaveBeenCalledTimes(2);
});
