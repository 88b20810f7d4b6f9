/** What a button that can't be pressed now has instead of its own: it can be reached, so its reason is read out and shown under the pointer. */
interface Unavailable {
  type: 'button';
  disabled: false;
  'aria-disabled': true;
  'aria-describedby': undefined;
  title: string;
  onclick: undefined;
}

/** Attributes of a button, to be spread after its own: for a reason why it can't be pressed; none for null. */
export function unavailable(reason: string | null): Partial<Unavailable> {
  if (reason === null) return {};
  return {
    type: 'button',
    disabled: false,
    'aria-disabled': true,
    'aria-describedby': undefined,
    title: reason,
    onclick: undefined,
  };
}
