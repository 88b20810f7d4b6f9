import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { findDamage } from '../db/find-damage.ts';
import { isClosing } from '../db/threads.ts';
import { DATABASE } from '../files/folders.ts';
import type { Findings } from './check-library.ts';
import { findIncompleteSidecars } from '../sidecars/incomplete-sidecars.ts';

/** Checks the library in the folder that it is given, and sends what it finds. */
const folder = workerData as string;
const damage = findDamage(join(folder, DATABASE));
const incompleteSidecars = damage.length === 0 ? findIncompleteSidecars(folder, isClosing) : [];
parentPort?.postMessage({ damage, incompleteSidecars } satisfies Findings);
