import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { startRecordingServer, type Script } from '../fakes/recording-server.ts';
import { KEY_FORMS, traceOf } from '../images-api/errors/key-forms.ts';
import { asked, createRequest, KEY, openTestStudio } from './test-studio.ts';

/*
 * A server that echoes the key in every form in every place: nothing of it is in any file of the library, the preferences and the log, nor
 * in anything that the page receives.
 */

const ECHOES = Object.values(KEY_FORMS).map((form) => form(KEY));
const inFields = Object.fromEntries(ECHOES.map((echo, index) => [`f${index}`, echo]));
const inNames = Object.fromEntries(ECHOES.map((echo, index) => [echo, index]));
const all = { ...inFields, names: inNames, list: ECHOES, letters: Array.from(KEY), codes: [...Buffer.from(KEY)] };
/** Headers hold visible ASCII only. */
const headers = {
  'x-request-id': ECHOES.filter((echo) => /^[\x21-\x7e]+$/u.test(echo))
    .join(',')
    .slice(0, 4000),
};
const json = { ...headers, 'content-type': 'application/json' };
const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#456' } })
  .png()
  .toBuffer();
const b64_json = png.toString('base64');

const errorWith = (echo: string): Script => ({
  status: 400,
  headers: json,
  body: JSON.stringify({ error: { message: `Bad ${echo}`, code: echo, type: echo, param: echo, ...all } }),
});
const SCRIPTS: Readonly<Record<string, Script>> = {
  'an error of half the forms': errorWith(ECHOES.slice(0, 24).join(' | ')),
  'an error of the other half': errorWith(ECHOES.slice(24).join(' | ')),
  'an image': {
    headers: json,
    body: JSON.stringify({
      data: [{ b64_json, revised_prompt: ECHOES.join('\n') }],
      quality: ECHOES[3],
      usage: { note: ECHOES[7] },
      ...all,
    }),
  },
  'an address': {
    headers: json,
    body: JSON.stringify({ data: [{ url: `http://127.0.0.1:1/${encodeURIComponent(ECHOES[9] ?? '')}?k=${KEY}` }] }),
  },
  'a web page': {
    status: 502,
    headers: { ...headers, 'content-type': 'text/html' },
    body: `<html><title>${ECHOES[2] ?? ''}</title>${ECHOES.join('<br>')}</html>`,
  },
  'a text': { headers: { ...headers, 'content-type': 'text/plain' }, body: ECHOES.join(' ') },
  'cut JSON': { headers: json, body: JSON.stringify(all).slice(0, -9) },
  'a redirection': {
    status: 302,
    headers: { ...headers, location: `https://x.example/${KEY}?${encodeURIComponent(KEY)}` },
  },
};
const STREAM: Script = {
  headers: { ...headers, 'content-type': 'text/event-stream' },
  body: [
    ...ECHOES.map((echo) => `: ${echo.replace(/[\r\n]+/gu, ' ')}\n`),
    `event: image_generation.completed\ndata: ${JSON.stringify({ type: 'image_generation.completed', b64_json, ...all })}\n\n`,
    `event: error\ndata: ${JSON.stringify({ error: { message: ECHOES[5], ...all } })}\n\n`,
  ],
};

async function textsBelow(folder: string): Promise<{ name: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
  return texts.flatMap(({ name, bytes }) => [
    { name, text: bytes.toString('latin1') },
    { name, text: bytes.toString('utf8') },
  ]);
}

test('a key that a server echoes in every form and place leaves no trace', async () => {
  let script: Script = STREAM;
  const far = await startRecordingServer(({ method }) =>
    method === 'GET' ? { headers: json, body: JSON.stringify({ data: ECHOES.map((id) => ({ id, ...all })) }) } : script,
  );
  const { studio, api, ended, folder, log } = await openTestStudio({ baseUrl: far.baseUrl });
  const seen: unknown[] = [];
  api.subscribe((event) => seen.push(event));
  const run = async (next: Script, parameters = {}): Promise<void> => {
    script = next;
    const job = await ended((await api.jobs.create(asked(createRequest('A dune', parameters)))).id);
    seen.push(job);
    for (const { id: generationId } of job.generations) seen.push(await api.library.response({ generationId }));
  };
  for (const next of Object.values(SCRIPTS)) await run(next);
  await run(STREAM, { stream: true, partial_images: 2 });
  const profileId = 'environment' as ProfileId;
  seen.push(await api.profiles.check({ profileId }).catch((thrown: unknown) => thrown));
  script = SCRIPTS['an error of half the forms'] ?? script;
  seen.push(await api.profiles.probe({ profileId, spend: false, overCap: false }).catch((thrown: unknown) => thrown));
  seen.push(await api.settings.get({}), await api.jobs.list({}), await api.host.getDiagnostics({}));
  await far.close();
  await studio.close();
  expect(JSON.stringify(seen).split('[key removed]').length).toBeGreaterThan(500);
  expect(traceOf(KEY, log.join('\n'))).toBeNull();
  for (const value of seen) expect(traceOf(KEY, JSON.stringify(value))).toBeNull();
  for (const { name, text } of await textsBelow(folder)) expect([name, traceOf(KEY, text)]).toEqual([name, null]);
}, 60_000);
