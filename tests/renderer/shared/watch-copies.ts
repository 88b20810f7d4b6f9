import { onTestFinished, vi } from 'vitest';

/**
 * Watches what the page copies, until the test ends. It isn't read back: the pages of test files that run at the same time share one
 * clipboard.
 */
export function watchCopies(): () => string[] {
  const write = vi.spyOn(navigator.clipboard, 'writeText');
  onTestFinished(() => {
    write.mockRestore();
  });
  return () => write.mock.calls.map(([text]) => text);
}
