import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Job, JobState } from '../../electron/contract/entities/jobs.ts';
import type { Billing, ErrorCode, ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { asked, createRequest, KEY, openTestStudio } from '../studio/test-studio.ts';

/** One way in which a request goes wrong, and all that is to be true afterwards. */
export interface Fault {
  /** The job's error as a person reads it, word for word. */
  says: string;
  code: ErrorCode;
  billing: Billing;
  state?: JobState;
  /** What the request asks for besides its prompt. */
  parameters?: Partial<CreateParameters>;
  /** Finished images, partial images, and pieces of unfinished ones that are on disk afterwards. */
  images?: number;
  partials?: number;
  pieces?: number;
  /** Of the server's own words, what is behind "Details". */
  details?: Partial<NonNullable<ErrorReport['server']>>;
  /** Requests that reached the server; one where left out. */
  posts?: number;
}

/** A far end on loopback that counts what begins to arrive. */
export interface FaultyServer {
  baseUrl: string;
  posts(): number;
}

/** Sends one request and holds everything that became of it against what was foretold; then starts anew and looks again. */
export async function meet(server: FaultyServer, fault: Fault): Promise<void> {
  const first = await openTestStudio({ baseUrl: server.baseUrl });
  const { id } = await first.api.jobs.create(asked(createRequest('A fault', fault.parameters)));
  const job = await first.ended(id);
  tell(job, fault);
  expect(server.posts()).toBe(fault.posts ?? 1);
  await first.studio.close();

  const again = await openTestStudio({ baseUrl: server.baseUrl, folder: first.folder });
  onTestFinished(() => again.studio.close());
  const [kept, ...others] = await again.api.jobs.list({});
  expect(others).toEqual([]);
  if (!kept) throw new Error('The job is gone.');
  tell(kept, fault);
  await again.studio.close();
  await lookAtDisk(join(first.folder, 'library'), fault);
  expect(server.posts()).toBe(fault.posts ?? 1);
}

function tell(job: Job, fault: Fault): void {
  expect(job.error?.message).toBe(fault.says);
  expect(job.error).toMatchObject({ code: fault.code, billing: fault.billing });
  expect(job.error?.server ?? {}).toMatchObject(fault.details ?? {});
  expect(job.state).toBe(fault.state ?? 'failed');
  const [generation] = job.generations;
  expect(generation?.images).toHaveLength(fault.images ?? 0);
  expect(generation?.partials).toHaveLength(fault.partials ?? 0);
  expect(generation?.billing).toBe(fault.billing);
  expect(JSON.stringify(job)).not.toContain(KEY);
}

/** What lies in the library's folder once nothing runs any more. */
async function lookAtDisk(library: string, { says, images = 0, partials = 0, pieces = 0 }: Fault): Promise<void> {
  const files = async (name: string): Promise<string[]> => {
    const entries = await readdir(join(library, name), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  expect(await files('incoming')).toEqual([]);
  expect(await files('originals')).toHaveLength(images + partials);
  expect(await files('quarantine')).toHaveLength(pieces);
  const [record, ...more] = await files('records');
  expect(more).toEqual([]);
  const said = JSON.parse(await readFile(record ?? '', 'utf8')) as { error: ErrorReport; images: unknown[] };
  expect(said.error.message).toBe(says);
  expect(said.images).toHaveLength(images);
}
