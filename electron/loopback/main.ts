import { join, resolve } from 'node:path';
import { readPages } from './page-files.ts';
import { runLoopback } from './run-loopback.ts';

// The package folder, both from the source and from `dist/main/`.
const root = resolve(import.meta.dirname, '../..');
await runLoopback({ root, openPages: () => readPages(join(root, 'dist/renderer')) });
