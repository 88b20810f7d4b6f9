import type { Plan, Room } from './find-violations.ts';

const node = 'node:*';

/**
 * The one table of rooms. A file may import from its own room and from rooms of its house (electron, renderer) that stand
 * on a lower floor, so siblings never import each other; the packages of a room are named one by one, and one
 * that nobody imports any more is refused. `node:*` stands for
 * Node's own modules save those in `SERVERS`, which have to be named. A room with `only` reads no other rooms than those.
 */
const ROOMS: Room[] = [
  { path: 'electron/contract', floor: 0, packages: ['valibot'] },
  { path: 'electron/disk', floor: 0, packages: [node] },
  { path: 'electron/log', floor: 0, packages: [node, 'rotating-file-stream', 'valibot'] },
  { path: 'electron/images-api', floor: 1, packages: [node, 'node:net', 'node:tls', 'undici', 'valibot'] },
  { path: 'electron/library', floor: 1, packages: [node, 'better-sqlite3', 'sharp', 'thumbhash', 'uuid', 'valibot'] },
  { path: 'electron/preferences', floor: 1, packages: [node, 'node:net', 'uuid', 'valibot'] },
  { path: 'electron/demo-api', floor: 1, packages: [node, 'node:http', '@fastify/busboy', 'sharp', 'valibot'] },
  { path: 'electron/jobs', floor: 2, packages: [node, 'uuid'] },
  { path: 'electron/studio', floor: 3, packages: [node, 'uuid', 'valibot'] },
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
  { path: 'renderer/shared', floor: 1, packages: ['svelte', 'bits-ui', '@lucide/svelte', 'thumbhash'] },
  { path: 'renderer/state', floor: 1, packages: ['valibot'] },
  { path: 'renderer/progress', floor: 2, packages: [] },
  { path: 'renderer/request/model', floor: 2.1, packages: [] },
  { path: 'renderer/request/tray', floor: 2.2, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/request/controller', floor: 2.3, packages: ['svelte'] },
  { path: 'renderer/request/sections', floor: 2.4, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/request', floor: 2.5, packages: ['svelte'] },
  { path: 'renderer/stage', floor: 2, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/create', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/canvas', floor: 3, packages: ['svelte', '@lucide/svelte', 'bits-ui', 'valibot'] },
  { path: 'renderer/library', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/viewer', floor: 3, packages: ['svelte', 'bits-ui', '@lucide/svelte'] },
  { path: 'renderer/activity', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/spending', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/settings', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer/firstrun', floor: 3, packages: ['svelte', '@lucide/svelte'] },
  { path: 'renderer', floor: 4, packages: ['svelte', '@lucide/svelte'] },
];

/** With these a room could listen for others, so `node:*` does not include them. */
const SERVERS = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dgram'];

export const PLAN: Plan = { rooms: ROOMS, openToRenderer: 'electron/contract', servers: SERVERS };
