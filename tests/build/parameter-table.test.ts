import { readFile } from 'node:fs/promises';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { parameterPage } from '../../build/parameter-table.ts';
import { INPUT_ROLES } from '../../electron/contract/entities/requests.ts';
import { OPERATIONS, type Operation } from '../../electron/contract/catalogue/parameters.ts';
import { PARAMETERS_OF } from '../../electron/contract/rules/parameter-rules.ts';

const TYPES: Readonly<Record<Operation, string>> = {
  create: 'ImageGenerateParamsBase',
  edit: 'ImageEditParamsBase',
  variation: 'ImageCreateVariationParams',
};

/** The names of an interface of the official client, as its type declarations have them today. */
async function namesInClient(type: string): Promise<string[]> {
  const path = new URL('../../node_modules/openai/resources/images.d.ts', import.meta.url);
  const source = ts.createSourceFile('images.d.ts', await readFile(path, 'utf8'), ts.ScriptTarget.Latest);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === type);
  return (found?.members ?? []).flatMap((member) =>
    member.name && ts.isIdentifier(member.name) ? [member.name.text] : [],
  );
}

test.each(OPERATIONS)('the table has exactly the parameters of the official client: %s', async (operation) => {
  const theirs = await namesInClient(TYPES[operation]);
  expect(theirs).toContain('model');
  const files = INPUT_ROLES.filter((role) => theirs.includes(role));
  expect([...PARAMETERS_OF[operation], ...files].toSorted()).toEqual(theirs.toSorted());
  const column = OPERATIONS.indexOf(operation) + 2;
  for (const line of parameterPage().split('\n')) {
    const name = /^\| `(\w+)` /u.exec(line)?.[1];
    if (name === undefined) continue;
    expect([name, line.split('|')[column]?.trim()]).toEqual([name, theirs.includes(name) ? 'yes' : '–']);
  }
});

test('the page in docs is generated from the catalogue', async () => {
  const page = await readFile(new URL('../../docs/parameters.md', import.meta.url), 'utf8');
  expect(page).toBe(parameterPage());
});
