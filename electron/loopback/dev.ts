import { resolve } from 'node:path';
import { singlePage } from './page-files.ts';
import { runLoopback } from './run-loopback.ts';

/*
 * The loopback host of `npm run dev`. The vite dev server serves the page and passes everything else on to this host, so this host needs
 * no page, and its rules are those of the built one.
 */

process.setSourceMapsEnabled(true);
await runLoopback({
  root: resolve(import.meta.dirname, '../..'),
  openPages: async () =>
    singlePage('<!doctype html><title>Emulsion</title><p>Open the address that npm run dev printed.</p>'),
});
