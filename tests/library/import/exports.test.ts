import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import type { Library } from '../../../electron/library/library.ts';
import { smallPng, testLibrary } from '../test-library.ts';
import { folderWith, TestImports } from './import-fixtures.ts';
import { makeZip } from './make-zip.ts';

const ASKED = 1_700_000_000;
const CHATGPT = [
  {
    title: 'Foxes',
    mapping: {
      root: { id: 'root', message: null, parent: null },
      asked: {
        parent: 'root',
        message: {
          author: { role: 'user' },
          content: {
            content_type: 'multimodal_text',
            parts: [{ asset_pointer: 'file-service://file-Sent1' }, 'a fox at night'],
          },
        },
      },
      tool: {
        parent: 'asked',
        message: {
          author: { role: 'tool' },
          create_time: ASKED + 0.5,
          metadata: { model_slug: 'gpt-4o' },
          content: {
            parts: [
              { content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_00ab', metadata: {} },
              {
                content_type: 'image_asset_pointer',
                asset_pointer: 'file-service://file-AbC9',
                metadata: { dalle: { prompt: 'A red fox, oil on canvas', seed: 7 } },
              },
            ],
          },
        },
      },
    },
  },
];

const SECRET = 'sk-canary-5f2b71c09d';
const PLAYGROUND = {
  version: 2,
  settings: { apiKey: SECRET, baseUrl: 'https://example.test' },
  tasks: [
    {
      id: 't1',
      prompt: 'a glass bottle',
      params: { size: '1024x1024', quality: 'high', n: 1, apiKey: SECRET },
      inputImageIds: ['in'],
      outputImages: ['out', 'missing', '__proto__'],
      createdAt: ASKED * 1000,
      error: `the key ${SECRET} was refused`,
    },
  ],
  imageFiles: { in: { path: 'images/in.png', source: 'upload' }, out: { path: 'images/out.png' } },
};

function found({ db }: Library): Record<string, unknown> {
  const images = readNewestImages(db, { limit: 50 }).images.flatMap(({ id }) => readImage(db, id) ?? []);
  const entries = images.map(({ imported, prompt, model, createdAt }): [string, unknown] => [
    imported?.fileName ?? '',
    { prompt, model, createdAt, software: imported?.software, parameters: imported?.parameters },
  ]);
  return Object.fromEntries(entries);
}

const CHATGPT_IMAGES = {
  'file_00ab-5c.dat': expect.objectContaining({
    prompt: 'a fox at night',
    model: 'gpt-4o',
    createdAt: ASKED * 1000 + 500,
    software: 'ChatGPT',
  }) as unknown,
  'file-AbC9-picture.png': expect.objectContaining({
    prompt: 'A red fox, oil on canvas',
    parameters: { seed: '7' },
  }) as unknown,
  'file-Sent1-photo.png': expect.objectContaining({ prompt: '', software: '' }) as unknown,
};

test('ChatGPT’s export as a ZIP, and unpacked', async () => {
  const [one, two, sent] = [await smallPng(), await smallPng(), await smallPng()];
  const files = {
    'conversations.json': Buffer.from(JSON.stringify(CHATGPT)),
    'file_00ab-5c.dat': one,
    'dalle-generations/file-AbC9-picture.png': two,
    'file-Sent1-photo.png': sent,
    'chat.html': Buffer.from('<html></html>'),
  };
  const entries = Object.entries(files).map(([name, data]) => ({ name, data, deflate: true }));
  const packed = await testLibrary();
  const test = new TestImports(packed);
  const run = await test.import(join(await folderWith({ 'export.zip': makeZip(entries) }), 'export.zip'));
  expect(run.result?.imported).toBe(3);
  expect(test.events.find(({ kind, state }) => kind === 'scan' && state === 'done')?.result).toMatchObject({
    prompts: [{ source: 'chatgpt', count: 2 }],
  });
  expect(found(packed)).toEqual(CHATGPT_IMAGES);
  const unpacked = await testLibrary();
  await new TestImports(unpacked).import(await folderWith(files));
  expect(found(unpacked)).toEqual(CHATGPT_IMAGES);
});

test.each([1e18, -1e9, 1e300])(
  'ChatGPT’s export with a date that can’t be true, %d: the file’s date counts',
  async (wrong) => {
    const text = JSON.stringify(CHATGPT).replace(String(ASKED + 0.5), String(wrong));
    const folder = await folderWith({ 'conversations.json': text, 'file_00ab-5c.dat': await smallPng() });
    const changed = Date.parse('2023-01-02T03:04:05Z');
    utimesSync(join(folder, 'file_00ab-5c.dat'), changed / 1000, changed / 1000);
    const library = await testLibrary();
    const test = new TestImports(library);
    await test.import(folder);
    const scan = test.events.find(({ kind, state }) => kind === 'scan' && state === 'done');
    expect(scan?.result).toMatchObject({ images: 1, dates: { first: changed, last: changed } });
    expect(found(library)).toMatchObject({ 'file_00ab-5c.dat': { prompt: 'a fox at night', createdAt: changed } });
  },
);

test('GPT Image Playground’s export, without the key in its settings', async () => {
  const library = await testLibrary();
  const entries = [
    { name: 'manifest.json', data: Buffer.from(JSON.stringify(PLAYGROUND)) },
    { name: 'images/in.png', data: await smallPng() },
    { name: 'images/out.png', data: await smallPng() },
  ];
  const test = new TestImports(library);
  const folder = await folderWith({ 'export.zip': makeZip(entries) });
  expect((await test.import(join(folder, 'export.zip'))).result?.imported).toBe(2);
  expect(found(library)).toEqual({
    'in.png': expect.objectContaining({ prompt: '', software: '' }) as unknown,
    'out.png': {
      prompt: 'a glass bottle',
      model: '',
      createdAt: ASKED * 1000,
      software: 'GPT Image Playground',
      parameters: { size: '1024x1024', quality: 'high', n: '1' },
    },
  });
  library.db.pragma('wal_checkpoint(TRUNCATE)');
  for (const entry of readdirSync(library.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'library.lock') continue;
    expect(readFileSync(join(entry.parentPath, entry.name)).includes(SECRET), entry.name).toBe(false);
  }
  expect(JSON.stringify(test.events)).not.toContain(SECRET);
});

test.each([
  ['no JSON', 'conversations.json', '{"mapping":'],
  ['nested too deep', 'conversations.json', `[{"mapping":{"a":${'['.repeat(5000)}`],
  ['something else', 'manifest.json', '{"name":"app","icons":[]}'],
  ['names of built-in properties', 'manifest.json', '{"tasks":[{"outputImages":["constructor"]}],"imageFiles":{}}'],
  [
    'strange types',
    'conversations.json',
    '[{"mapping":{"a":1,"b":{"message":{"author":1,"content":{"parts":[1,null]}}}}}]',
  ],
])('a file beside the images that is %s changes nothing', async (_what, name, text) => {
  const library = await testLibrary();
  const run = await new TestImports(library).import(await folderWith({ [name]: text, 'one.png': await smallPng() }));
  expect(run.result?.imported).toBe(1);
  expect(found(library)).toEqual({ 'one.png': expect.objectContaining({ prompt: '' }) as unknown });
});
