import fc from '../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { checkApiKey } from '../../electron/preferences/api-key.ts';
import { readEnvironment } from '../../electron/preferences/environment-profile.ts';
import { checkBaseUrl, requiresApiKey } from '../../electron/preferences/base-url.ts';

describe('base URL', () => {
  test.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1'],
    ['  https://api.openai.com/v1/  ', 'https://api.openai.com/v1'],
    ['HTTPS://API.OpenAI.com/v1//', 'https://api.openai.com/v1'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://[::1]:9000/v1', 'http://[::1]:9000/v1'],
    ['https://x.openai.azure.com/openai/v1/', 'https://x.openai.azure.com/openai/v1'],
    ['https://gateway.example/Some/Path', 'https://gateway.example/Some/Path'],
    ['https://api.openai.com/v1\u200b', 'https://api.openai.com/v1'],
    ['\ufeffhttps://api.\u200bopenai.com/v1\u00ad', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1%E2%80%8B', 'https://api.openai.com/v1'],
    ['“https://api.openai.com/v1”', 'https://api.openai.com/v1'],
    ['<https://api.openai.com/v1>', 'https://api.openai.com/v1'],
    ['ｈｔｔｐｓ：／／ａｐｉ．ｏｐｅｎａｉ．ｃｏｍ／ｖ１', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/images/generations', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/images/edits/', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/Images/Variations', 'https://api.openai.com/v1'],
    ['https://relay.example/v1/chat/completions', 'https://relay.example/v1'],
    ['https://relay.example/v1/responses', 'https://relay.example/v1'],
    ['https://relay.example/v1/models', 'https://relay.example/v1'],
    ['https://relay.example/images/generations/v1', 'https://relay.example/images/generations/v1'],
  ])('%s is stored as %s', (typed, kept) => expect(checkBaseUrl(typed)).toBe(kept));

  test.each([
    ['', /Enter the server’s address/],
    ['localhost:8080/v1', /begin with https/],
    ['api.openai.com/v1', /begin with https/],
    ['ftp://example.com', /begin with https/],
    ['file:///etc/passwd', /begin with https/],
    ['javascript:alert(1)', /begin with https/],
    ['https://', /isn’t a valid address/],
    ['https://exa mple.com', /space/],
    ['https://example.com\\@evil.example', /space or another/],
    ['https://user:secret@example.com/v1', /user name or password/],
    ['https://sk-secret@example.com/v1', /user name or password/],
    ['https://@example.com/v1', /user name or password/],
    ['https://example.com/v1?key=secret', /query/],
    ['https://example.com/v1?', /query/],
    ['https://example.com/v1#top', /fragment/],
    ['https://example.com/v1/images/generations?key=secret', /query/],
    ['https://exa mple.com/v1', /space/],
    ['https://a.example/v1\nhttps://b.example/v1', /space/],
  ])('%s is rejected', (typed, sentence) => {
    expect(() => checkBaseUrl(typed)).toThrow(
      expect.objectContaining({ code: 'profile-invalid', message: expect.stringMatching(sentence) as string }),
    );
    expect(() => checkBaseUrl(typed)).not.toThrow(/secret/u);
  });

  test('an accepted URL is accepted again unchanged', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const kept = checkBaseUrl(url);
        expect(checkBaseUrl(kept)).toBe(kept);
      }),
    );
  });

  test('only known servers require a key', () => {
    expect(requiresApiKey('https://api.openai.com/v1')).toBe(true);
    expect(requiresApiKey('https://x.openai.azure.com/openai/v1')).toBe(true);
    expect(requiresApiKey('https://openai.com.evil.example/v1')).toBe(false);
    expect(requiresApiKey('http://localhost:8080/v1')).toBe(false);
  });
});

describe('API key', () => {
  const KEY = 'sk-proj-abc_DEF-123';
  test.each([
    KEY,
    ` ${KEY}\r\n`,
    `"${KEY}"`,
    `'${KEY}',`,
    `“${KEY}”`,
    `\`${KEY}\``,
    `Bearer ${KEY}`,
    `Authorization: Bearer ${KEY}`,
    `"Authorization": "Bearer ${KEY}"`,
    `api-key: ${KEY}`,
    `OPENAI_API_KEY=${KEY}`,
    `export OPENAI_API_KEY="${KEY}"`,
    `sk-\u200bproj-abc\u00ad_DEF\u0001-\u202e123`,
    '\ufeffｓｋ－proj-abc_DEF-123',
  ])('%j is kept without what came along', (typed) => expect(checkApiKey(typed)).toBe(KEY));

  test.each([
    ['bearer-of-news-123456', 'bearer-of-news-123456'],
    ['MY_KEY_123', 'MY_KEY_123'],
    ['k=v/w+x==', 'k=v/w+x=='],
  ])('%s stays', (typed, kept) => expect(checkApiKey(typed)).toBe(kept));
});

test('the environment’s variables are cleaned in the same way', () => {
  const profile = readEnvironment({
    OPENAI_API_KEY: '"Bearer sk-env-0123456789"',
    OPENAI_BASE_URL: 'https://relay.example/v1/images/generations\u200b',
  });
  expect(profile).toMatchObject({ apiKey: 'sk-env-0123456789', baseUrl: 'https://relay.example/v1', fault: null });
});
