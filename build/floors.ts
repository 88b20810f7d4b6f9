import type { Plan, Room } from './find-violations.ts';

const node = 'node:*';

/**
 * The table of floors. A file may import from its own folder and from folders of its house (electron, renderer) on a lower floor; folders on
 * one floor never import each other. Rows inside a row have floors among themselves; seen from outside, the floor of the outer row counts.
 * Packages are named for each row, and one that no file imports is refused. `node:*` stands for Node's own modules except those in
 * `SERVERS`, which have to be named. A row with `only` may import from no other rows than those.
 */
const ROOMS: Room[] = [
  { path: 'electron/contract', floor: 0, packages: ['valibot'] },
  { path: 'electron/disk', floor: 0, packages: [node] },
  { path: 'electron/log', floor: 0, packages: [node, 'rotating-file-stream', 'valibot'] },
  { path: 'electron/images-api', floor: 1, packages: [] },
  { path: 'electron/images-api/request', floor: 0.1, packages: [] },
  { path: 'electron/images-api/headers', floor: 0.1, packages: [] },
  { path: 'electron/images-api/errors', floor: 0.2, packages: [] },
  { path: 'electron/images-api/transport', floor: 0.3, packages: [node, 'node:net', 'node:tls', 'undici'] },
  { path: 'electron/images-api/answer', floor: 0.4, packages: [node, 'valibot'] },
  { path: 'electron/images-api/probe', floor: 1.1, packages: [] },
  { path: 'electron/library', floor: 1, packages: [node, 'valibot'] },
  { path: 'electron/library/db', floor: 0.1, packages: [node, 'better-sqlite3'] },
  { path: 'electron/library/files', floor: 0.2, packages: [node, 'better-sqlite3'] },
  { path: 'electron/library/pixels', floor: 0.3, packages: [node, 'sharp', 'thumbhash'] },
  { path: 'electron/library/images', floor: 0.4, packages: [node, 'uuid'] },
  { path: 'electron/library/jobs', floor: 0.5, packages: [node] },
  { path: 'electron/library/inputs', floor: 0.5, packages: [node, 'sharp'] },
  { path: 'electron/library/strict', floor: 0.6, packages: [node] },
  { path: 'electron/preferences', floor: 1, packages: [node, 'node:net', 'uuid', 'valibot'] },
  { path: 'electron/demo-api', floor: 1, packages: [node, 'node:http', '@fastify/busboy', 'sharp', 'valibot'] },
  { path: 'electron/jobs', floor: 2, packages: [node, 'uuid'] },
  { path: 'electron/studio', floor: 3, packages: [] },
  { path: 'electron/studio/profiles', floor: 2.1, packages: ['uuid'] },
  { path: 'electron/studio/routes', floor: 2.1, packages: [node, 'valibot'] },
  { path: 'electron/studio/handlers', floor: 2.2, packages: ['valibot'] },
  { path: 'electron/desktop', floor: 4, packages: [node, 'electron', 'valibot'] },
  { path: 'electron/desktop/page/channels.ts', floor: 3, packages: [] },
  {
    path: 'electron/desktop/preload.ts',
    floor: 4,
    packages: ['electron'],
    only: ['electron/contract', 'electron/desktop/page/channels.ts'],
  },
  { path: 'electron/loopback', floor: 4, packages: [node, 'node:http', 'open'] },
  { path: 'electron/loopback/browser-transport.ts', floor: 4, packages: [], only: ['electron/contract'] },

  { path: 'renderer/studio.ts', floor: 0, packages: [] },
  { path: 'renderer/clock.ts', floor: 0, packages: [] },
  { path: 'renderer/route.svelte.ts', floor: 1, packages: [] },
  { path: 'renderer/shared', floor: 1, packages: [] },
  { path: 'renderer/shared/clock', floor: 1.1, packages: [] },
  { path: 'renderer/shared/controls', floor: 1.1, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/shared/format', floor: 1.1, packages: [] },
  { path: 'renderer/shared/images', floor: 1.1, packages: ['@lucide/svelte', 'thumbhash'] },
  { path: 'renderer/shared/keyboard', floor: 1.1, packages: ['svelte'] },
  { path: 'renderer/shared/feedback', floor: 1.2, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/shared/layout', floor: 1.2, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/state', floor: 1, packages: ['valibot'] },
  { path: 'renderer/progress', floor: 2, packages: [] },
  { path: 'renderer/request/model', floor: 2.1, packages: [] },
  { path: 'renderer/request/tray', floor: 2.2, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/request/controller', floor: 2.3, packages: ['svelte'] },
  { path: 'renderer/request/sections', floor: 2.4, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/request', floor: 2.5, packages: ['svelte'] },
  { path: 'renderer/stage', floor: 2, packages: ['@lucide/svelte'] },
  { path: 'renderer/stage/compare', floor: 2.1, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/create', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/canvas', floor: 3, packages: ['svelte', '@lucide/svelte', 'bits-ui', 'valibot'] },
  { path: 'renderer/library', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/viewer', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/viewer/inputs', floor: 2.1, packages: [] },
  { path: 'renderer/viewer/rerun', floor: 2.1, packages: ['@lucide/svelte'] },
  { path: 'renderer/viewer/model', floor: 2.2, packages: [] },
  { path: 'renderer/viewer/download', floor: 2.3, packages: ['@lucide/svelte'] },
  { path: 'renderer/viewer/stage', floor: 2.3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/viewer/record', floor: 2.4, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/viewer/strip', floor: 2.4, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/viewer/compare', floor: 2.5, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/activity', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/spending', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/settings', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/firstrun', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer', floor: 4, packages: ['svelte', '@lucide/svelte'] },
];

/** With these a room could listen for others, so `node:*` does not include them. */
const SERVERS = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dgram'];

export const PLAN: Plan = { rooms: ROOMS, openToRenderer: 'electron/contract', servers: SERVERS };
