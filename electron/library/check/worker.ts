import { parentPort, workerData } from 'node:worker_threads';
import { findDamage } from '../db/find-damage.ts';

/** Checks the database whose path it is given, and sends what is damaged. */
parentPort?.postMessage(findDamage(workerData as string));
