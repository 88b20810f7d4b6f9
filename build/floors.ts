import type { Plan, Room } from './find-violations.ts';

const node = 'node:*';

/**
 * The one table of rooms. A file may import from its own room and from rooms of its house (electron, renderer) that stand
 * on a lower floor, so siblings never import each other; the packages of a room are named one by one. `node:*` stands for
 * Node's own modules save those in `SERVERS`, which have to be named. A room with `only` reads no other rooms than those.
 */
const ROOMS: Room[] = [
  { path: 'electron/contract', floor: 0, packages: ['valibot'] },
  { path: 'electron/images-api', floor: 1, packages: [node, 'node:net', 'node:tls', 'undici', 'valibot', 'uuid'] },
  { path: 'electron/library', floor: 1, packages: [node, 'better-sqlite3', 'sharp', 'thumbhash', 'uuid', 'valibot'] },
  { path: 'electron/preferences', floor: 1, packages: [node, 'uuid', 'valibot'] },
  {
    path: 'electron/demo-api',
    floor: 1,
    packages: [node, 'node:http', 'node:net', '@fastify/busboy', 'sharp', 'uuid', 'valibot'],
  },
  { path: 'electron/jobs', floor: 2, packages: [node, 'uuid'] },
  { path: 'electron/studio', floor: 3, packages: [node, 'open', 'uuid', 'valibot'] },
  { path: 'electron/desktop', floor: 4, packages: [node, 'electron', 'uuid', 'valibot'] },
  { path: 'electron/desktop/preload.cts', floor: 4, packages: ['electron'], only: ['electron/contract'] },
  { path: 'electron/loopback', floor: 4, packages: [node, 'node:http', '@fastify/busboy', 'open', 'uuid'] },
  { path: 'electron/loopback/browser-transport.ts', floor: 4, packages: [], only: ['electron/contract'] },

  { path: 'renderer/studio.ts', floor: 0, packages: [] },
  { path: 'renderer/route.svelte.ts', floor: 1, packages: [] },
  { path: 'renderer/shared', floor: 1, packages: ['svelte', 'bits-ui', '@lucide/svelte', 'thumbhash'] },
  { path: 'renderer/state', floor: 1, packages: ['svelte', 'uuid', 'valibot'] },
  ...['create', 'library', 'viewer', 'settings', 'firstrun'].map((view) => ({
    path: `renderer/${view}`,
    floor: 2,
    packages: ['svelte', 'bits-ui', '@lucide/svelte', 'thumbhash'],
  })),
  { path: 'renderer', floor: 3, packages: ['svelte', 'bits-ui', '@lucide/svelte', '@fontsource-variable/inter'] },
];

/** With these a room could listen for others, so `node:*` does not include them. */
const SERVERS = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dgram'];

export const PLAN: Plan = { rooms: ROOMS, openToRenderer: 'electron/contract', servers: SERVERS };
