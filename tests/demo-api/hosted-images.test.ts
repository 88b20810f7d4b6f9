import { afterEach, describe, expect, it, vi } from 'vitest';
import { HostedImages } from '../../electron/demo-api/response/hosted-images.ts';

afterEach(() => vi.useRealTimers());

describe('hosted images', () => {
  it('are found under their path for 60 minutes', () => {
    vi.useFakeTimers();
    const images = new HostedImages();
    const path = images.add(Buffer.from('x'), 'image/webp');
    expect(path).toMatch(/^\/images\/[0-9a-f-]{36}\.webp$/u);
    vi.advanceTimersByTime(60 * 60 * 1000 - 1);
    expect(images.find(path)?.mediaType).toBe('image/webp');
    vi.advanceTimersByTime(1);
    expect(images.find(path)).toBeNull();
  });

  it('are evicted by count and by size', () => {
    const images = new HostedImages();
    const paths = Array.from({ length: 70 }, () => images.add(Buffer.from('x'), 'image/png'));
    expect(paths.filter((path) => images.find(path))).toEqual(paths.slice(6));
    const large = Buffer.alloc(100 * 1024 * 1024);
    const [first, , third] = [1, 2, 3].map(() => images.add(large, 'image/png'));
    expect([images.find(first!), images.find(third!)?.file.length]).toEqual([null, large.length]);
  });
});
