import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { joinUrl } from '../../../electron/images-api/request/endpoints.ts';
import {
  buildModelsRequest,
  buildRequest,
  PLAIN_CONNECTION,
  VERSION,
  type Connection,
  type InputFile,
} from '../../../electron/images-api/request/build-request.ts';

const connection: Connection = { ...PLAIN_CONNECTION, baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-1' };
const input = (role: InputFile['role'], fileName: string): InputFile => ({
  role,
  path: `/${fileName}`,
  fileName,
  mediaType: 'image/png',
  bytes: 3,
});

describe('joinUrl', () => {
  test.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/models'],
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1/models'],
    ['  https://api.openai.com/v1//  ', 'https://api.openai.com/v1/models'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/models'],
    ['https://x.test/openai/v1/?api-version=preview#top', 'https://x.test/openai/v1/models'],
    ['http://[::1]:9/v1', 'http://[::1]:9/v1/models'],
  ])('%s', (base, expected) => expect(joinUrl(base, 'models')).toBe(expected));

  test.each(['', 'api.openai.com/v1', 'ftp://x.test/v1', 'https://user:secret@x.test/v1', 'https://'])(
    'refuses %s',
    (base) => {
      expect(() => joinUrl(base, 'models')).toThrow(expect.objectContaining({ code: 'profile-invalid' }));
    },
  );

  test('does not repeat a password in the error', () => {
    expect(() => joinUrl('https://user:secret@x.test/v1', 'models')).toThrow(/^(?!.*secret)/u);
  });
});

describe('headers', () => {
  const headersOf = (more: Partial<Connection>) => buildModelsRequest({ ...connection, ...more }).headers;

  test('omit what the profile does not have', () => {
    expect(headersOf({ apiKey: null })).toEqual({ accept: 'application/json', 'user-agent': `Emulsion/${VERSION}` });
  });

  test('name key, organisation and project', () => {
    expect(headersOf({ organisation: 'org-1', project: 'proj_1' })).toMatchObject({
      authorization: 'Bearer sk-1',
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
    });
  });

  test.each([{ apiKey: 'sk-1\r\nx-evil: 1' }, { apiKey: 'sk-ключ' }, { organisation: 'my org' }, { project: 'p\0' }])(
    'refuse %j',
    (more) => {
      expect(() => headersOf(more)).toThrow(StudioError);
    },
  );

  test('carry the version of package.json', async () => {
    const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
  });
});

describe('bodies', () => {
  test('omit null, undefined and empty objects', () => {
    const { body } = buildRequest(connection, {
      operation: 'create',
      parameters: {
        prompt: 'x',
        model: null,
        n: undefined,
        size: '1024x1024',
        svg: { model: 'm', reasoning: { effort: null } },
      },
    });
    expect(body).toEqual({ kind: 'json', text: '{"prompt":"x","size":"1024x1024","svg":{"model":"m"}}' });
  });

  test('send one image as `image`, several as `image[]`, mask and markup by name', () => {
    const filesOf = (inputs: InputFile[]) => {
      const { body } = buildRequest(connection, { operation: 'edit', parameters: { prompt: 'x' }, inputs });
      return body?.kind === 'multipart' ? body.files.map(({ field, fileName }) => `${field}=${fileName}`) : [];
    };
    expect(filesOf([input('image', 'a'), input('mask', 'm')])).toEqual(['image=a', 'mask=m']);
    expect(filesOf([input('image', 'a'), input('image', 'b'), input('markup', 'k')])).toEqual([
      'image[]=a',
      'image[]=b',
      'markup=k',
    ]);
  });

  test('write nested fields in brackets', () => {
    const { body } = buildRequest(connection, {
      operation: 'edit',
      parameters: { prompt: 'x', n: 2, stream: false, svg: { model: 'm', reasoning: { effort: 'low' } } },
      inputs: [],
    });
    expect(body).toMatchObject({
      fields: [
        ['prompt', 'x'],
        ['n', '2'],
        ['stream', 'false'],
        ['svg[model]', 'm'],
        ['svg[reasoning][effort]', 'low'],
      ],
    });
  });
});
