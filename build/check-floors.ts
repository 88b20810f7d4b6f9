import { resolve } from 'node:path';
import { findUnused, findViolations } from './find-violations.ts';
import { PLAN } from './floors.ts';

const root = resolve(import.meta.dirname, '..');
const violations = [...findViolations(root, PLAN), ...findUnused(root, PLAN)];
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;
