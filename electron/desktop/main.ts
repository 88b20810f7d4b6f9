import { resolve } from 'node:path';
import { startDesktop } from './start-desktop.ts';
import { builtPage } from './page/static-files.ts';

const dist = resolve(import.meta.dirname, '..');
startDesktop({
  openPage: () => builtPage(resolve(dist, 'renderer')),
  preload: resolve(dist, 'preload/preload.cjs'),
});
