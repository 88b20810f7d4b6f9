import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findUnused, findViolations } from '../../build/find-violations.ts';
import { PLAN } from '../../build/floors.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'emulsion-floors-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(files: Record<string, string>): string[] {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return findViolations(root, PLAN);
}

test('imports of lower floors are allowed', () => {
  const files = {
    'electron/contract/errors/errors.ts': "import * as v from 'valibot'; export const x = v;",
    'electron/library/pixels/decode.ts':
      "import sharp from 'sharp'; import { x } from '../../contract/errors/errors.ts'; export { sharp, x };",
    'electron/jobs/job-service.ts':
      "import { x } from '../library/pixels/decode.ts'; import { readFile } from 'node:fs/promises'; export { x, readFile };",
    'renderer/shared/controls/Button.svelte':
      '<script lang="ts" generics="T extends Map<string, T>">import { Button } from "bits-ui";</script><Button.Root />',
    'renderer/App.svelte':
      "<script>import Button from './shared/Button.svelte'; import { x } from '../electron/contract/errors/errors.ts';</script><Button {x} />",
  };
  expect(check(files)).toEqual([]);
});

describe('floors', () => {
  test('an import of a higher floor is refused', () => {
    const files = { 'electron/library/a.ts': "import '../jobs/b.ts';", 'electron/jobs/b.ts': '' };
    expect(check(files)).toEqual([
      'electron/library/a.ts (floor 1) imports electron/jobs/b.ts (floor 2), which is on a higher floor.',
    ]);
  });

  test('folders on one floor do not import each other, not even types', () => {
    const files = {
      'electron/library/a.ts': "import type { B } from '../images-api/b.ts'; export type A = B;",
      'electron/images-api/b.ts': 'export type B = string;',
      'electron/preferences/c.ts': "export type C = import('../images-api/b.ts').B;",
      'renderer/create/Create.svelte':
        "<script lang='ts'>import type { V } from '../viewer/v.ts'; let v: V;</script>{v}",
      'renderer/viewer/v.ts': 'export type V = string;',
    };
    expect(check(files)).toEqual([
      'electron/library/a.ts (floor 1) imports electron/images-api/b.ts (floor 1), which is a sibling on the same floor.',
      'electron/preferences/c.ts (floor 1) imports electron/images-api/b.ts (floor 1), which is a sibling on the same floor.',
      'renderer/create/Create.svelte (floor 3) imports renderer/viewer/v.ts (floor 3), which is a sibling on the same floor.',
    ]);
  });

  test('folders inside a folder have floors among themselves, and outside count with the floor of their folder', () => {
    const plan = {
      ...PLAN,
      rooms: [
        { path: 'renderer', floor: 4, packages: [] },
        { path: 'renderer/viewer', floor: 3, packages: [] },
        { path: 'renderer/viewer/strip', floor: 2.4, packages: [] },
        { path: 'renderer/viewer/inputs', floor: 2.1, packages: [] },
        { path: 'renderer/create', floor: 3, packages: [] },
        { path: 'renderer/create/live', floor: 3.5, packages: [] },
      ],
    };
    check({
      'renderer/viewer/Viewer.ts': "import './strip/a.ts';",
      'renderer/viewer/strip/a.ts': "import '../inputs/b.ts';",
      'renderer/viewer/inputs/b.ts': "export * from '../strip/c.ts';",
      'renderer/viewer/strip/c.ts': "import '../Viewer2.ts';",
      'renderer/viewer/Viewer2.ts': '',
      'renderer/create/live/d.ts': "import '../../viewer/inputs/e.ts';",
      'renderer/viewer/inputs/e.ts': '',
    });
    expect(findViolations(root, plan)).toEqual([
      'renderer/create/live/d.ts (floor 3) imports renderer/viewer/inputs/e.ts (floor 3), which is a sibling on the same floor.',
      'renderer/viewer/inputs/b.ts (floor 2.1) imports renderer/viewer/strip/c.ts (floor 2.4), which is on a higher floor.',
      'renderer/viewer/strip/c.ts (floor 2.4) imports renderer/viewer/Viewer2.ts (floor 3), which is on a higher floor.',
    ]);
  });

  test('imports in a component’s markup are checked', () => {
    const files = {
      'renderer/shared/Late.svelte': "{#await import('../create/Create.svelte') then found}<found.default />{/await}",
      'renderer/create/Create.svelte': '<p>Create</p>',
    };
    expect(check(files)).toHaveLength(1);
  });

  test('the page, the preload and the browser transport import only the contract from electron/', () => {
    const files = {
      'electron/contract/api.ts': '',
      'electron/studio/studio.ts': '',
      'electron/loopback/server.ts': '',
      'renderer/page/studio.ts': "import '../../electron/contract/api.ts'; import '../../electron/studio/studio.ts';",
      'electron/desktop/preload.ts': "import '../contract/api.ts'; import '../studio/studio.ts';",
      'electron/loopback/browser-transport.ts': "import '../contract/api.ts'; import './server.ts';",
    };
    expect(check(files)).toEqual([
      'electron/desktop/preload.ts imports electron/studio/studio.ts, but may read only electron/contract and electron/desktop/page/channels.ts.',
      'electron/loopback/browser-transport.ts imports electron/loopback/server.ts, but may read only electron/contract.',
      'renderer/page/studio.ts imports electron/studio/studio.ts: of another house, the page may read electron/contract and nothing else.',
    ]);
  });

  test('a folder without a floor is refused, as is an import from outside the houses', () => {
    const files = { 'electron/utils/a.ts': '', 'electron/jobs/b.ts': "import '../../tests/fakes/c.ts';" };
    expect(check(files)).toEqual([
      'electron/jobs/b.ts imports tests/fakes/c.ts, which stands in no room.',
      'electron/utils/a.ts stands in no room: give its folder a floor in build/floors.ts.',
    ]);
  });
});

describe('packages', () => {
  test.each([
    ['electron/studio/studio.ts', 'electron', "import { app } from 'electron';"],
    ['electron/studio/studio.ts', 'node:http', "import type { Server } from 'node:http';"],
    ['electron/jobs/job-service.ts', 'node:net', "import { createServer } from 'net';"],
    ['electron/jobs/job-service.ts', 'better-sqlite3', "import Database from 'better-sqlite3';"],
    ['electron/images-api/client.ts', 'sharp', "const sharp = await import('sharp');"],
    ['electron/contract/api.ts', 'node:path', "export { join } from 'node:path';"],
    [
      'renderer/shared/controls/Button.svelte',
      'node:fs',
      "<script module>import { readFile } from 'fs/promises';</script>",
    ],
    ['renderer/main.ts', '@unknown/package', "import '@unknown/package/deep.css';"],
  ])('%s may not import %s', (file, found, text) => {
    const violations = check({ [file]: text });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${file} imports ${found}, which `);
  });
});

describe('unused packages', () => {
  const plan = {
    openToRenderer: 'electron/contract',
    servers: ['node:http'],
    rooms: [
      { path: 'electron/jobs', floor: 1, packages: ['node:*', 'node:http', 'uuid', '@scope/name'] },
      { path: 'electron/jobs/alone.ts', floor: 2, packages: ['sharp'] },
    ],
  };
  const unused = (files: Record<string, string>): string[] => {
    check(files);
    return findUnused(root, plan);
  };

  test('are refused for each folder', () => {
    const files = {
      'electron/jobs/a.ts': "import 'node:fs/promises'; import type { Deep } from '@scope/name/deep';",
      'electron/jobs/alone.ts': "import 'uuid'; import 'node:http';",
    };
    expect(unused(files)).toEqual([
      'electron/jobs may import node:http and does not: take it out of build/floors.ts.',
      'electron/jobs may import uuid and does not: take it out of build/floors.ts.',
      'electron/jobs/alone.ts may import sharp and does not: take it out of build/floors.ts.',
    ]);
  });

  test('dynamic and type imports count as use', () => {
    const files = {
      'electron/jobs/a.ts': "import 'fs'; import type { Server } from 'http'; const u = import('uuid');",
      'electron/jobs/deep/b.ts': "export * from '@scope/name';",
      'electron/jobs/alone.ts': "import sharp from 'sharp';",
    };
    expect(unused(files)).toEqual([]);
  });
});

test('an import cycle is reported with its path', () => {
  const files = {
    'electron/jobs/a.ts': "import './b.ts';",
    'electron/jobs/b.ts': "import type { C } from './c.ts'; export type B = C;",
    'electron/jobs/c.ts': "export * from './a.ts'; export type C = string;",
  };
  expect(check(files)).toEqual([
    'These files import each other in a circle: electron/jobs/a.ts -> electron/jobs/b.ts -> electron/jobs/c.ts -> electron/jobs/a.ts.',
  ]);
});

test('a file that imports itself is a cycle', () => {
  expect(check({ 'electron/jobs/a.ts': "import './a.ts';" })).toHaveLength(1);
});
