import type { Script } from '../fakes/recording-server.ts';

/** Delays every response until the test releases it, one at a time; a request released before its arrival is not delayed. */
export function gate(answer: Script): { far: () => Script; release(): void } {
  const held: (() => void)[] = [];
  let early = 0;
  const wait = (): Promise<void> => {
    if (early === 0) return new Promise<void>((resolve) => held.push(resolve));
    early -= 1;
    return Promise.resolve();
  };
  return {
    far: () => ({ ...answer, before: [{ wait }] }),
    release() {
      const next = held.shift();
      if (next) next();
      else early += 1;
    },
  };
}
