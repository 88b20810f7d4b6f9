import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compile } from 'svelte/compiler';
import { expect, test } from 'vitest';
import { ATTRIBUTES, plainIcons } from '../../build/plain-icons.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ICONS = join(ROOT, 'node_modules/@lucide/svelte/dist/icons');
const { markup } = plainIcons();

const plain = (name: string): string => {
  const filename = join(ICONS, `${name}.svelte`);
  const made = markup?.({ content: readFileSync(filename, 'utf8'), filename });
  return made && 'code' in made ? made.code : '';
};

/** Icons that a component of the page imports: local name and module. */
function importsOf(source: string): { local: string; icon: string }[] {
  return [...source.matchAll(/import (\w+) from '@lucide\/svelte\/icons\/([\w-]+)'/gu)].map(([, local, icon]) => ({
    local: local ?? '',
    icon: icon ?? '',
  }));
}

test('an icon is one SVG with its shapes, and compiles without warnings', () => {
  const source = plain('star');
  expect(source).toContain('<path d="M11.525 2.295');
  const { js, warnings } = compile(source, { filename: 'star.svelte', runes: true });
  expect(warnings).toEqual([]);
  expect(js.code).toContain('from_svg');
});

test('everything else stays as it is, and an icon that is written otherwise is an error', () => {
  expect(markup?.({ content: '<p></p>', filename: join(ROOT, 'renderer/App.svelte') })).toBeUndefined();
  expect(() => markup?.({ content: '<p></p>', filename: join(ICONS, 'star.svelte') })).toThrow('plain-icons');
});

test('the page gives its icons only attributes that plain icons take', () => {
  const given: string[] = [];
  for (const file of globSync('renderer/**/*.svelte', { cwd: ROOT })) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    for (const { local } of importsOf(source))
      for (const [, attributes] of source.matchAll(new RegExp(`<${local}\\s([^<>]*?)/?>`, 'gu')))
        for (const [, name] of (attributes ?? '').matchAll(/(?<=^|\s)([\w:-]+)(?==|\s|$)|\{\.\.\./gu))
          given.push(name === undefined ? `spread in ${basename(file)}` : name);
  }
  expect(given.length).toBeGreaterThan(0);
  expect([...new Set(given)].filter((name) => !ATTRIBUTES.includes(name))).toEqual([]);
});
