import { expect, test } from 'vitest';
import type { ProfileId } from '../../../../electron/contract/entities/ids.ts';
import type { Input, JobRequest } from '../../../../electron/contract/entities/requests.ts';
import { resolveServer, STANDARD_SERVER } from '../../../../electron/contract/catalogue/servers.ts';
import { requestFromForm, resolveForm } from '../../../../renderer/request/model/request-from-form.ts';
import { formFromRequest, readForm, type RequestForm } from '../../../../renderer/state/request-form.ts';
import fc from '../../../fast-check.ts';
import { PROMPTS } from '../../../prompts-as-typed.ts';

const OPENAI = resolveServer({ server: 'openai', found: null, overrides: {} });
const image: Input = { role: 'image', sha256: 'a'.repeat(64) as Input['sha256'], image: null };

const LITERAL = { variables: false, variationVariables: false };
/** Create, edit, and a variation that is sent as an edit. */
const FORMS: readonly ((prompt: string) => Partial<RequestForm>)[] = [
  (prompt) => ({ prompt }),
  (prompt) => ({ prompt, inputs: [image] }),
  (variationPrompt) => ({ variationPrompt, inputs: [image], varying: true }),
];

function requestOf(form: RequestForm): JobRequest {
  const server = form.varying ? OPENAI : STANDARD_SERVER;
  return requestFromForm(resolveForm(form, server), form, 'demo' as ProfileId);
}

function expectAsTyped(prompt: string): void {
  for (const form of FORMS) {
    const request = requestOf(readForm({ ...LITERAL, ...form(prompt) }));
    expect(request.parameters).toMatchObject({ prompt });
    const reused = formFromRequest(request);
    expect(reused).toMatchObject(LITERAL);
    expect(requestOf(reused).parameters).toMatchObject({ prompt });
    // What is stored and read again is the same.
    expect(requestOf(readForm(JSON.parse(JSON.stringify(reused)))).parameters).toMatchObject({ prompt });
  }
}

test.each(PROMPTS)('is in the request as it was typed, in Reuse too: %j', (prompt) => {
  expectAsTyped(prompt);
});

test('so is any other text', () => {
  const awkward = fc.constantFrom('{', '|', '}', '\\', '"', '\n', '\r', ' ', '\u200b', '🌊', 'é', 'a', 'b');
  const text = fc.string({ unit: fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 1, unit: 'binary' })) });
  fc.assert(fc.property(text, expectAsTyped), { numRuns: 300 });
});
