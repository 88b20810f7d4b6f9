import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { GenerationId, JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import { JobQueue, activeJob } from '../../electron/jobs/job-queue.ts';
import { jobRequest } from './test-job-service.ts';

test('a profile is checked once for all of its queued jobs, and a later profile is still served', () => {
  const line = new JobQueue();
  const add = (profileId: string): void => {
    const request = { ...jobRequest('a kite'), profileId: profileId as ProfileId };
    const plan = { id: uuid() as GenerationId, parameters: request.parameters, n: 1, estimate: null };
    line.add(activeJob({ id: uuid() as JobId, request, baseUrl: 'http://127.0.0.1:1/v1', createdAt: 1 }, [plan]));
  };
  for (let index = 0; index < 1000; index += 1) add('busy');
  add('free');
  const asked: string[] = [];
  const taken = line.takeNext((profileId) => {
    asked.push(profileId);
    return profileId === 'free';
  });
  expect(taken?.job.request.profileId).toBe('free');
  expect(asked).toEqual(['busy', 'free']);
});
