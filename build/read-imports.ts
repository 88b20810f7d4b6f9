import { readFileSync } from 'node:fs';
import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** Every module that a source file names: imports, type-only imports, re-exports, `import()`, `import type`, `require`. */
export function readImports(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const names = file.endsWith('.svelte') ? importsOfSvelte(source, file) : importsOfTypeScript(source);
  return [...new Set(names)];
}

function importsOfTypeScript(source: string): string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map((found) => found.fileName);
}

/** A component imports in its script blocks, and may in its markup: `{#await import('./Chart.svelte')}`. */
function importsOfSvelte(source: string, filename: string): string[] {
  const names: string[] = [];
  collect(parse(source, { modern: true, filename }), names);
  return names;
}

/** `import`, `export … from` and `import()` of the syntax tree all keep the module's name in `source`, as a literal. */
function collect(node: unknown, names: string[]): void {
  if (Array.isArray(node)) {
    for (const child of node) collect(child, names);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, source, argument } = node as { type?: unknown; source?: unknown; argument?: unknown };
  if (typeof type === 'string' && /^(Import|Export)/.test(type)) addLiteral(source, names);
  if (type === 'TSImportType') addLiteral(argument, names);
  for (const child of Object.values(node)) collect(child, names);
}

function addLiteral(node: unknown, names: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if ('literal' in node) addLiteral(node.literal, names);
  if ('value' in node && typeof node.value === 'string') names.push(node.value);
}
