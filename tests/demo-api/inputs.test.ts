import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../fast-check.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InputRole } from '../../electron/contract/entities/requests.ts';
import { checkInputs, type InputFacts } from '../../electron/contract/rules/input-rules.ts';
import { findModel } from '../../electron/contract/catalogue/models.ts';
import { readInputs } from '../../electron/demo-api/request/inputs.ts';
import { ApiError } from '../../electron/demo-api/request/api-error.ts';
import { inspectInput } from '../../electron/library/inputs/inspect-input.ts';

let folder = '';
/** Images of all relevant kinds by name. */
const files: { path: string; facts: Omit<InputFacts, 'role'> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-inputs-'));
  for (const [width, height] of [
    [16, 16],
    [16, 24],
  ] as const) {
    for (const background of ['#456', '#4568', '#0000']) {
      for (const format of ['png', 'jpeg', 'webp'] as const) {
        const image = sharp({ create: { width, height, channels: 4, background } });
        const path = join(folder, `${files.length}.${format}`);
        await writeFile(path, await image.toFormat(format).toBuffer());
        files.push({ path, facts: { ...(await inspectInput(path)), bytes: (await stat(path)).size } });
      }
    }
  }
  const heavy = files[0];
  if (!heavy) throw new Error('No images.');
  const path = join(folder, 'heavy.png');
  // As the form sees it; its pixels are the first one’s.
  await writeFile(path, Buffer.concat([await sharp(heavy.path).png().toBuffer(), Buffer.alloc(5_000_000)]));
  files.push({ path, facts: { ...heavy.facts, bytes: (await stat(path)).size } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MODELS = ['gpt-image-2.6-sunburst', 'gpt-image-2', 'gpt-image-1.5', 'dall-e-2'].map(findModel);

test('the server accepts and rejects the same inputs as the form, with the same messages', async () => {
  const picks = fc.array(
    fc.record({
      role: fc.constantFrom<InputRole>('image', 'image', 'image', 'mask', 'markup'),
      file: fc.nat({ max: 18 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const seen = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      picks,
      fc.constantFrom(...MODELS),
      fc.constantFrom('edit' as const, 'edit' as const, 'variation' as const),
      fc.constantFrom(null, 'png' as const, 'gif' as const),
      async (picked, model, operation, format) => {
        // Endpoints without masks don't know the field, so it is filtered before.
        const sent = picked.filter(({ role }) => operation === 'edit' || role === 'image');
        const found = sent.flatMap(({ role, file }) => {
          const input = files[file];
          return input ? [{ role, ...input }] : [];
        });
        const facts = found.map(({ role, facts: fact }) => ({ role, ...fact }));
        const problems = checkInputs(operation, facts, model, format);
        const uploads = found.map(({ role, path, facts: { bytes } }) => ({ field: role, path, bytes }));
        const answer = await readInputs(operation, uploads, model, format).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        seen[answer === null ? 'taken' : 'refused'] += 1;
        expect(answer === null).toBe(problems.length === 0);
        if (answer !== null) expect(answer).toBeInstanceOf(ApiError);
        if (answer instanceof ApiError) expect(problems.map(({ field }) => field)).toContain(answer.param);
      },
    ),
    { numRuns: 400 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(40);
});
