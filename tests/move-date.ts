/** Moves `Date` of the page in which it runs by `offset` milliseconds. Uses nothing from outside: it is sent to pages as source text. */
export function moveDate(offset: number): void {
  const original = Date;
  const now = (): number => original.now() + offset;
  globalThis.Date = new Proxy(original, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
    apply: () => new original(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
