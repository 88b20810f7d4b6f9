import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import type { Library } from '../../../electron/library/library.ts';
import { sha256, smallPng, testLibrary } from '../test-library.ts';
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
  const [one, two, theirs] = [await smallPng(), await smallPng(), await smallPng()];
  const files = {
    'conversations.json': Buffer.from(JSON.stringify(CHATGPT)),
    'file_00ab-5c.dat': one,
    'dalle-generations/file-AbC9-picture.png': two,
    'file-Sent1-photo.png': theirs,
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
  const folder = await folderWith(files);
  await new TestImports(unpacked).import(folder);
  expect(found(unpacked)).toEqual(CHATGPT_IMAGES);
  // Dropped in a browser, each of its files is sent.
  const sent = await testLibrary();
  const { scan } = await new TestImports(sent).importSent(folder);
  expect(scan.result).toMatchObject({ images: 3, prompts: [{ source: 'chatgpt', count: 2 }] });
  expect(found(sent)).toEqual(CHATGPT_IMAGES);
});

const shard = (id: string, prompt: string): string =>
  JSON.stringify(CHATGPT).replaceAll('file-AbC9', id).replace('A red fox, oil on canvas', prompt);

test('ChatGPT’s export in several files, as a ZIP and unpacked: all of them are read', async () => {
  const files = {
    'conversations-000.json': shard('file-One1', 'the first'),
    'conversations-001.json': shard('file-Two2', 'the second'),
    'conversations-012.json': '[]',
    'file-One1-a.png': await smallPng(),
    'file-Two2-b.png': await smallPng(),
  };
  const entries = Object.entries(files).map(([name, data]) => ({ name, data: Buffer.from(data), deflate: true }));
  const zip = join(await folderWith({ 'export.zip': makeZip(entries) }), 'export.zip');
  for (const chosen of [zip, await folderWith(files)]) {
    const library = await testLibrary();
    await new TestImports(library).import(chosen);
    expect(found(library)).toMatchObject({
      'file-One1-a.png': { prompt: 'the first' },
      'file-Two2-b.png': { prompt: 'the second' },
    });
  }
});

test('conversations that are too large or damaged are named in the report, and the others are read', async () => {
  const [one, two] = [await smallPng(), await smallPng()];
  const folder = await folderWith({
    'conversations-000.json': shard('file-One1', 'the first'),
    'conversations-001.json': '[',
    'conversations-002.json': '[{"mapping":{',
    'file-One1-a.png': one,
    'file-Two2-b.png': two,
  });
  truncateSync(join(folder, 'conversations-001.json'), 128 * 1024 * 1024 + 1);
  const zip = makeZip([
    { name: 'conversations-000.json', data: Buffer.from(shard('file-One1', 'the first')) },
    { name: 'conversations-001.json', data: randomBytes(2_000_000), deflate: true, size: 128 * 1024 * 1024 + 1 },
    { name: 'conversations-002.json', data: Buffer.from('[{"mapping":{') },
    { name: 'file-One1-a.png', data: one },
    { name: 'file-Two2-b.png', data: two },
  ]);
  const zipped = await folderWith({ 'export.zip': zip });
  for (const [chosen, start] of [
    [folder, 'chosen/'],
    [join(zipped, 'export.zip'), 'export.zip/'],
  ] as const) {
    const library = await testLibrary();
    const test = new TestImports(library);
    const scan = await test.scan(chosen);
    expect(scan.result).toMatchObject({ images: 2, prompts: [{ source: 'chatgpt', count: 1 }] });
    expect(test.imports.refused(scan.id, { problem: null, after: 0, limit: 10 }).files).toEqual([
      { name: `${start}conversations-001.json`, problem: 'beside-too-large', format: null },
      { name: `${start}conversations-002.json`, problem: 'beside-damaged', format: null },
    ]);
  }
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

test.each(['a ZIP', 'a folder', 'files that the page sends'])('exports below the top of %s', async (how) => {
  const playground = Buffer.from(JSON.stringify(PLAYGROUND));
  const files: Record<string, Buffer> = {
    'manifest.json': Buffer.from('{"name":"app","icons":[]}'),
    'images/out.png': await smallPng(),
    'chats/2026/conversations.json': Buffer.from(JSON.stringify(CHATGPT)),
    'chats/2026/dalle-generations/file-AbC9-a.png': await smallPng(),
    // Its own folder's manifest doesn't speak of it; the one around it does.
    'chats/2026/more/manifest.json': playground,
    'chats/2026/more/file_00ab-b.png': await smallPng(),
    'chats/2026/more/images/out.png': await smallPng(),
    'chats/file_00ab-elsewhere.png': await smallPng(),
    'other/file_00ab-elsewhere.png': await smallPng(),
    '1/2/3/4/5/manifest.json': playground,
    '1/2/3/4/5/images/out.png': await smallPng(),
    '1/2/3/4/5/6/manifest.json': playground,
    '1/2/3/4/5/6/images/out.png': await smallPng(),
  };
  const library = await testLibrary();
  const test = new TestImports(library);
  const entries = Object.entries(files).map(([name, data]) => ({ name, data, deflate: true }));
  if (how === 'a ZIP') await test.import(join(await folderWith({ 'all.zip': makeZip(entries) }), 'all.zip'));
  else if (how === 'a folder') await test.import(await folderWith(files));
  else await test.importSent(await folderWith(files));
  const prompts = library.db
    .prepare<[], { hash: string; prompt: string }>(
      'SELECT i.sha256 AS hash, p.prompt FROM images i JOIN imports p ON p.id = i.import_id',
    )
    .all()
    .map(({ hash, prompt }) => [Object.entries(files).find(([, data]) => sha256(data) === hash)?.[0], prompt] as const);
  expect(Object.fromEntries(prompts)).toEqual({
    'images/out.png': '',
    'chats/2026/dalle-generations/file-AbC9-a.png': 'A red fox, oil on canvas',
    'chats/2026/more/file_00ab-b.png': 'a fox at night',
    'chats/2026/more/images/out.png': 'a glass bottle',
    'chats/file_00ab-elsewhere.png': '',
    'other/file_00ab-elsewhere.png': '',
    '1/2/3/4/5/images/out.png': 'a glass bottle',
    '1/2/3/4/5/6/images/out.png': '',
  });
  // What speaks of no image, or stands too deep.
  const scan = test.events.find(({ kind, state }) => kind === 'scan' && state === 'done');
  expect(scan?.result).toMatchObject({ images: 8, refused: [{ problem: 'not-an-image', count: 2 }] });
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
