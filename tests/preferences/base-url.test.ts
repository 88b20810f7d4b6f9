import fc from '../fast-check.ts';
import { describe, expect, test } from 'vitest';
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
