import { join, resolve } from 'node:path';
import { readPages } from './page-files.ts';
import { runLoopback } from './run-loopback.ts';

// The same folder from here and from `dist/main/`, where the built program is.
const root = resolve(import.meta.dirname, '../..');
await runLoopback({ root, openPages: () => readPages(join(root, 'dist/renderer')) });
