import { describe, expect, test } from 'vitest';
import {
  allowsPermission,
  assertOwnSender,
  isOwnPage,
  isExternalLink,
} from '../../../electron/desktop/page/page-rules.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';

describe('isOwnPage', () => {
  test.each(['app://emulsion/', 'app://emulsion/index.html', 'app://emulsion/?x=1#library'])('accepts %s', (address) =>
    expect(isOwnPage(address)).toBe(true),
  );

  test.each([
    '',
    'about:blank',
    'about:srcdoc',
    'app://other/',
    'app://emulsion.example/',
    'app://emulsion@other/',
    'app://someone@emulsion/',
    'app://emulsion:8080/',
    'app:emulsion',
    'appx://emulsion/',
    'https://emulsion/',
    'http://127.0.0.1:5173/',
    'file:///app://emulsion/',
    'data:text/html,app://emulsion/',
    'blob:app://emulsion/0c9d',
    'javascript:app://emulsion/',
    'app://emulsion/images/original/0',
    'app://emulsion/x/../images/original/0',
  ])('rejects %s', (address) => expect(isOwnPage(address)).toBe(false));
});

describe('isExternalLink', () => {
  test('accepts only https', () => {
    expect(isExternalLink('https://platform.openai.com/api-keys')).toBe(true);
    for (const address of [
      'http://example.org/',
      'https://user:secret@example.org/',
      'file:///etc/passwd',
      'mailto:a@example.org',
      'smb://server/share',
      'javascript:alert(1)',
      'app://emulsion/',
      'ms-settings:',
      'https:',
      '',
    ]) {
      expect.soft(isExternalLink(address), address).toBe(false);
    }
  });
});

test('allows only writing to the clipboard and full screen', () => {
  const asked = [
    'clipboard-sanitized-write',
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'window-management',
    'display-capture',
    'mediaKeySystem',
    'idle-detection',
    'storage-access',
    'speaker-selection',
    'hid',
    'serial',
    'usb',
    'fileSystem',
    'unknown',
    '',
  ];
  expect(asked.filter(allowsPermission)).toEqual(['clipboard-sanitized-write', 'fullscreen']);
});

describe('assertOwnSender', () => {
  const page = {};
  const frame = { url: 'app://emulsion/', parent: null };

  test('accepts the main frame of our window', () => {
    expect(() => assertOwnSender({ sender: page, senderFrame: frame }, page)).not.toThrow();
  });

  test.each([
    ['a frame that has gone', { sender: page, senderFrame: null }, page],
    ['a frame inside the page', { sender: page, senderFrame: { ...frame, parent: frame } }, page],
    ['another window', { sender: {}, senderFrame: frame }, page],
    ['a foreign page', { sender: page, senderFrame: { ...frame, url: 'https://example.org/' } }, page],
    ['an empty page', { sender: page, senderFrame: { ...frame, url: 'about:blank' } }, page],
    ['an image opened as a page', { sender: page, senderFrame: { ...frame, url: 'app://emulsion/images/x' } }, page],
    ['anyone while there is no window', { sender: null, senderFrame: frame }, null],
  ])('rejects %s', (_who, sender, own) => {
    expect(() => assertOwnSender(sender, own)).toThrow(StudioError);
    expect(() => assertOwnSender(sender, own)).toThrow(/was refused\. Nothing was changed\.$/u);
  });
});
