import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Job, JobState } from '../../electron/contract/entities/jobs.ts';
import type { Billing, ErrorCode, ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { asked, createRequest, KEY, openTestStudio } from '../studio/test-studio.ts';

/** One way in which a request fails, and the expected state afterwards. */
export interface Fault {
  /** The job's exact error message. */
  says: string;
  code: ErrorCode;
  billing: Billing;
  notes?: ErrorReport['notes'];
  state?: JobState;
  /** The request's parameters beside its prompt. */
  parameters?: Partial<CreateParameters>;
  /** Expected files: images, partial images and incomplete images. */
  images?: number;
  partials?: number;
  pieces?: number;
  /** The server's error, shown under "Details". */
  details?: Partial<NonNullable<ErrorReport['server']>>;
  /** Requests that reach the server; 1 by default. */
  posts?: number;
}

/** A server on loopback that counts the requests that begin. */
export interface FaultyServer {
  baseUrl: string;
  posts(): number;
}

/** Sends one request and compares the job, the files and the money with the fault's expectations, before and after a restart. */
export async function checkFault(server: FaultyServer, fault: Fault): Promise<void> {
  const first = await openTestStudio({ baseUrl: server.baseUrl });
  const { id } = await first.api.jobs.create(asked(createRequest('A fault', fault.parameters)));
  const job = await first.ended(id);
  checkJob(job, fault);
  expect(server.posts()).toBe(fault.posts ?? 1);
  await first.studio.close();

  const again = await openTestStudio({ baseUrl: server.baseUrl, folder: first.folder });
  onTestFinished(() => again.studio.close());
  const [kept, ...others] = await again.api.jobs.list({});
  expect(others).toEqual([]);
  if (!kept) throw new Error('The job is gone.');
  checkJob(kept, fault);
  await again.studio.close();
  await checkFiles(join(first.folder, 'library'), fault);
  expect(server.posts()).toBe(fault.posts ?? 1);
}

function checkJob(job: Job, fault: Fault): void {
  expect(job.error?.message).toBe(fault.says);
  expect(job.error).toMatchObject({ code: fault.code, billing: fault.billing });
  expect(job.error?.notes ?? []).toEqual(fault.notes ?? []);
  expect(job.error?.server ?? {}).toMatchObject(fault.details ?? {});
  expect(job.state).toBe(fault.state ?? 'failed');
  const [generation] = job.generations;
  expect(generation?.images).toHaveLength(fault.images ?? 0);
  expect(generation?.partials).toHaveLength(fault.partials ?? 0);
  expect(generation?.billing).toBe(fault.billing);
  expect(JSON.stringify(job)).not.toContain(KEY);
}

/** Files in the library's folder when nothing is running. */
async function checkFiles(library: string, { says, images = 0, partials = 0, pieces = 0 }: Fault): Promise<void> {
  const files = async (name: string): Promise<string[]> => {
    const entries = await readdir(join(library, name), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  expect(await files('incoming')).toEqual([]);
  expect(await files('originals')).toHaveLength(images + partials);
  expect(await files('quarantine')).toHaveLength(pieces);
  const [record, ...more] = (await files('records')).filter((path) => basename(path) !== 'library.json');
  expect(more).toEqual([]);
  const said = JSON.parse(await readFile(record ?? '', 'utf8')) as { error: ErrorReport; images: unknown[] };
  expect(said.error.message).toBe(says);
  expect(said.images).toHaveLength(images);
}
