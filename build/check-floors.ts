import { resolve } from 'node:path';
import { findViolations } from './find-violations.ts';
import { PLAN } from './floors.ts';

const violations = findViolations(resolve(import.meta.dirname, '..'), PLAN);
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;
