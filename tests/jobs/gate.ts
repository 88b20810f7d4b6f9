import type { Script } from '../fakes/recording-server.ts';

/** A far end that holds every request back until the test lets it go, one at a time. */
export function gate(answer: Script): { far: () => Script; release(): void } {
  const held: (() => void)[] = [];
  return {
    far: () => ({ ...answer, before: [{ wait: () => new Promise<void>((resolve) => held.push(resolve)) }] }),
    release: () => held.shift()?.(),
  };
}
