import { describe, expect, test } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import { describeChange, describeRunning, leftText } from '../../../electron/contract/rules/describe-change.ts';

const change = (edit: Partial<Change['edit']>, images = 12_846, names: string[] = []) => ({
  edit: edit as Change['edit'],
  images,
  names,
});

describe('the sentence of a change', () => {
  test.each([
    [change({ kind: 'rate', rating: 4 }), 'Rated 12,846 images 4 stars', 'Rating 12,846 images 4 stars'],
    [change({ kind: 'rate', rating: 0 }, 1), 'Removed the rating from 1 image', 'Removing the rating from 1 image'],
    [
      change({ kind: 'tag', add: ['a', 'b'], remove: [] }, 2, ['a', 'b']),
      'Tagged 2 images “a”, “b”',
      'Tagging 2 images “a”, “b”',
    ],
    [
      change({ kind: 'collect', on: true }, 3, ['Casa Azul']),
      'Added 3 images to “Casa Azul”',
      'Adding 3 images to “Casa Azul”',
    ],
    [change({ kind: 'empty' }, 41), 'Deleted 41 images for good', 'Deleting 41 images for good'],
    [
      change({ kind: 'merge' }, 2),
      'Merged duplicates and moved 2 images to the trash',
      'Merging duplicates and moving 2 images to the trash',
    ],
  ])('%#: is in the past once it is done, and in the present while it runs', (given, done, running) => {
    expect(describeChange(given)).toBe(done);
    expect(describeRunning(given)).toBe(running);
  });

  test('what an undo left as it is has a sentence of its own', () => {
    expect(leftText({ left: 0 })).toBe('');
    expect(leftText({ left: 1 })).toBe('1 image was changed or deleted later and stays as it is');
    expect(leftText({ left: 2000 })).toBe('2,000 images were changed or deleted later and stay as they are');
  });
});
