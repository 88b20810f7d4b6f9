import { afterEach, describe, expect, it, vi } from 'vitest';
import { HostedPictures } from '../../electron/demo-api/response/hosted-images.ts';

afterEach(() => vi.useRealTimers());

describe('hosted pictures', () => {
  it('are found under their path for 60 minutes', () => {
    vi.useFakeTimers();
    const pictures = new HostedPictures();
    const path = pictures.add(Buffer.from('x'), 'image/webp');
    expect(path).toMatch(/^\/pictures\/[0-9a-f-]{36}\.webp$/u);
    vi.advanceTimersByTime(60 * 60 * 1000 - 1);
    expect(pictures.find(path)?.mediaType).toBe('image/webp');
    vi.advanceTimersByTime(1);
    expect(pictures.find(path)).toBeNull();
  });

  it('make room for newer ones, by number and by size', () => {
    const pictures = new HostedPictures();
    const paths = Array.from({ length: 70 }, () => pictures.add(Buffer.from('x'), 'image/png'));
    expect(paths.filter((path) => pictures.find(path))).toEqual(paths.slice(6));
    const large = Buffer.alloc(100 * 1024 * 1024);
    const [first, , third] = [1, 2, 3].map(() => pictures.add(large, 'image/png'));
    expect([pictures.find(first!), pictures.find(third!)?.file.length]).toEqual([null, large.length]);
  });
});
