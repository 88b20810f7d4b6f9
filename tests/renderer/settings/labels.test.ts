import { describe, expect, test } from 'vitest';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import { detectedLabel } from '../../../renderer/settings/profiles/ability-labels.ts';
import { probeRow, stoppedBy } from '../../../renderer/settings/server/probe-labels.ts';
import { draftOf, fieldsOf, isSameDraft } from '../../../renderer/settings/profiles/profile-fields.ts';
import { OPENAI, REPORT } from './studio-in-page.ts';

describe('a line of what a server can do', () => {
  test.each([
    ['create', 'yes', '0.4 s'],
    ['variation', 'no', '404, edit is used'],
    ['imageField', 'yes', 'image or image[]'],
    ['requestId', 'yes', 'x-request-id'],
    ['streaming', 'unknown', 'needs one test image'],
  ] as const)('%s is %s: %s', (ability, state, hint) => {
    expect(probeRow(ability, REPORT, {}, false)).toMatchObject({ state, hint });
  });

  test('before it is asked, and where the person has the last word', () => {
    expect(probeRow('create', null, {}, false)).toMatchObject({ state: 'unknown', hint: 'not checked' });
    expect(probeRow('create', null, {}, true)).toMatchObject({ state: 'pending', hint: '' });
    expect(probeRow('edit', REPORT, { edit: false }, false)).toMatchObject({ state: 'no', hint: 'set by you' });
    expect(probeRow('imageField', REPORT, { imageField: 'image' }, false).hint).toBe('image, set by you');
  });

  test('what had to be stopped', () => {
    expect(stoppedBy(REPORT)).toBeNull();
    const why = 'It may have made an image, so the test stopped.';
    expect(
      stoppedBy({ ...REPORT, lines: [{ ability: 'edit', finding: 'unknown', why, tookMs: 1, stopped: true }] }),
    ).toBe(why);
  });
});

test('where it comes from that a server can do something', () => {
  const found: Profile = { ...OPENAI, server: 'litellm', found: REPORT };
  expect(detectedLabel('variation', 'litellm', found)).toBe('no, found');
  expect(detectedLabel('streaming', 'litellm', found)).toBe('no, known of LiteLLM');
  // What was found of one kind says nothing of another.
  expect(detectedLabel('variation', 'compatible', found)).toBe('yes, assumed');
  expect(detectedLabel('imageField', 'stable-diffusion-cpp', null)).toBe('image[], known of stable-diffusion.cpp');
});

describe('the fields of the form', () => {
  test('save what they were filled with', () => {
    const { id, name, baseUrl, project, concurrency, free } = OPENAI;
    expect(draftOf(id, fieldsOf(OPENAI))).toMatchObject({
      id,
      name,
      baseUrl,
      project,
      concurrency,
      free,
      server: 'openai',
    });
  });

  test('only what would be saved counts as a change', () => {
    const fields = fieldsOf(OPENAI);
    const azure = { apiVersion: 'x', deployments: [{ model: 'a', name: 'b' }] };
    expect(isSameDraft(fields, { ...fields, name: ` ${fields.name} `, ...azure })).toBe(true);
    expect(isSameDraft(fields, { ...fields, overrides: { streaming: undefined } })).toBe(true);
    expect(isSameDraft(fields, { ...fields, overrides: { streaming: false } })).toBe(false);
    expect(isSameDraft(fields, { ...fields, concurrency: 1 })).toBe(false);
  });
});
