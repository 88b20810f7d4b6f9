import { describe, expect, it } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { listRecentJobs } from '../../../electron/library/jobs/recent-jobs.ts';
import { receiveFile, intentFor, recordRequest, savedImage, smallPng, testLibrary } from '../test-library.ts';

describe('runs', () => {
  it('are the newest jobs with images, each with all its images in order', async () => {
    const library = await testLibrary();
    const old = await savedImage(library, { prompt: 'old', at: 1000 });
    const empty = intentFor('nothing came', { createdAt: 3000 });
    recordRequest(library, empty);
    const click = intentFor('two requests', { createdAt: 2000, requests: 2 });
    recordRequest(library, click);
    const saved: Image[] = [];
    for (const { id: generationId } of [...click.generations].reverse()) {
      const file = await receiveFile(library, await smallPng());
      saved.unshift(await saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 2500 }));
    }
    const [run, older, ...more] = listRecentJobs(library.db, { limit: 10 });
    expect(run).toEqual({
      jobId: click.id,
      prompt: 'two requests',
      model: 'gpt-image-2',
      size: '1024x1024',
      quality: 'high',
      cost: null,
      estimate: null,
      createdAt: 2000,
      startedAt: null,
      images: saved,
    });
    expect(older?.images).toEqual([old]);
    expect(more).toEqual([]);
    expect(listRecentJobs(library.db, { limit: 1 })).toHaveLength(1);
  });
});
