import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import { toasts } from '../../../renderer/shared/feedback/toasts.svelte.ts';
import { setClock } from '../../../renderer/page/clock.ts';
import SettingsHarness from './SettingsHarness.svelte';
import { NOW, OPENAI, REFUSED, StudioInPage } from './studio-in-page.ts';

beforeEach(() => setClock(() => NOW));
afterEach(() => setClock(null));

const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const key = () => page.getByLabelText('API key', { exact: true });
const inspector = () => page.getByRole('complementary', { name: 'What this server supports' });
const act = (name: string) => page.getByRole('button', { name, exact: true });

test('a profile is added with its key, checked at once, and the key leaves the page', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Add profile').click();
  await field('Name').fill('Workstation');
  await field('Base URL').fill('http://192.168.1.40:8080/v1');
  await key().fill('sk-local-0123456789');
  await act('Add and check').click();
  await expect.element(inspector().getByText(/^Checked today at/u)).toBeVisible();
  expect(far.of('profiles.save')).toEqual([
    {
      id: null,
      name: 'Workstation',
      baseUrl: 'http://192.168.1.40:8080/v1',
      organisation: null,
      project: null,
      // The address says nothing of a kind, unlike the one that stood there before.
      server: 'compatible',
      apiVersion: null,
      deployments: {},
      concurrency: 4,
      free: false,
      overrides: {},
    },
  ]);
  expect(far.of('profiles.probe')).toEqual([{ profileId: 'p2', spend: false, overCap: false }]);
  expect(far.of('profiles.setKey')).toEqual([{ profileId: 'p2', key: 'sk-local-0123456789' }]);
  await expect.element(page.getByText('••••••••6789')).toBeVisible();
  expect(document.body.innerHTML).not.toContain('sk-local');
});

test('a key is never filled in; replacing it asks for a new one', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Replace key').click();
  await expect.element(key()).toHaveAttribute('type', 'password');
  await expect.element(key()).toHaveValue('');
  await key().fill('sk-new-0123456789abc');
  await act('Save key').click();
  await expect.element(page.getByText('••••••••9abc')).toBeVisible();
  await act('Remove key').click();
  await expect.element(key()).toHaveAttribute('placeholder', 'None');
  expect(far.of('profiles.removeKey')).toEqual([{ profileId: 'openai' }]);
});

test('what is wrong stands under its field and nothing typed is lost', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await field('Base URL').fill('');
  await field('Project').fill('proj_other');
  await act('Save changes').click();
  await expect.element(field('Base URL')).toBeInvalid();
  await expect.element(field('Base URL')).toHaveAccessibleDescription('A profile needs an address.');
  await expect.element(field('Project')).toHaveValue('proj_other');
  await act('Discard changes').click();
  await expect.element(field('Project')).toHaveValue('proj_studio');
});

test('a key is checked beside it, and the answer stands there in words', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Check key').click();
  await expect.element(page.getByText('Address and key work: 3 models in 0.4 s')).toBeVisible();
  far.check = () => REFUSED;
  await act('Check key').click();
  await expect.element(page.getByRole('alert').getByText(/refused this key/u)).toBeVisible();
  await expect.element(page.getByText('Incorrect API key provided.')).toBeVisible();
  await act('Replace key').click();
  await key().fill('sk-new-0123456789abc');
  await act('Save key').click();
  // What was said of another key does not stand beside this one.
  await expect.element(page.getByText(/refused this key/u)).not.toBeInTheDocument();
});

test('whoever stops waiting for a check is not told its result later', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  let answer: (report: typeof REFUSED) => void = () => undefined;
  far.check = () => new Promise((resolve) => (answer = resolve));
  await render(SettingsHarness, { far });
  await act('Check key').click();
  await act('Stop').click();
  answer(REFUSED);
  await expect.element(act('Check key')).toBeVisible();
  await expect.element(page.getByText(/refused this key/u)).not.toBeInTheDocument();
});

test('a profile goes only after a question, and another can be the default', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('More for Demo server').click();
  await page.getByRole('menuitem', { name: 'Make default' }).click();
  await expect.poll(() => far.settings.profileId).toBe('demo');
  await act('More for OpenAI, studio').click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await act('Cancel').click();
  expect(far.of('profiles.remove')).toEqual([]);
  await act('More for OpenAI, studio').click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await act('Remove profile').click();
  await expect.element(page.getByRole('button', { name: 'OpenAI, studio' })).not.toBeInTheDocument();
  await expect.element(page.getByText(/try everything without a key/u)).toBeVisible();
});

test('the theme is changed, and another library opened, where they are shown', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Appearance').click();
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect.element(page.getByRole('radio', { name: 'Light' })).toBeChecked();
  expect(far.of('settings.change')).toEqual([{ theme: 'light' }]);
  await act('Library folder').click();
  await expect.element(page.getByText(/^1 image/u)).toBeVisible();
  await act('Open or create a library…').click();
  const dialog = page.getByRole('dialog', { name: 'Create a library here?' });
  await expect.element(dialog.getByText('/Dropbox/Elsewhere')).toBeVisible();
  await expect.element(dialog.getByText('Dropbox copies this folder.')).toBeVisible();
  expect(far.of('libraries.open')).toEqual([]);
  await dialog.getByRole('button', { name: 'Create library' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(far.of('libraries.open')).toEqual([{ folder: '/Dropbox/Elsewhere', create: true }]);
});

test('a folder is watched until that is stopped, and what it brought is said', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  far.settings = {
    ...far.settings,
    library: { ...far.settings.library, watched: { at: 0, imported: 4, refused: 1, readable: true } },
  };
  await render(SettingsHarness, { far });
  await act('Library folder').click();
  const section = page.getByRole('region', { name: 'Watched folder' });
  await section.getByRole('button', { name: 'Choose a folder…' }).click();
  await expect.element(section.getByText('/home/me/Downloads')).toBeVisible();
  await expect.element(section.getByText(/^4 images imported, 1 file couldn’t be\./u)).toBeVisible();
  await section.getByRole('button', { name: 'Stop watching' }).click();
  await expect.element(section.getByText('/home/me/Downloads')).not.toBeInTheDocument();
  expect(far.of('settings.watchFolder')).toEqual([{ folder: '/home/me/Downloads' }, { folder: null }]);
});

test('libraries that were open before are listed; one whose disk isn’t there can only be taken off the list', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  far.libraries = [
    { folder: '/pictures/Clients', available: true },
    { folder: '/media/disk/Archive', available: false },
  ];
  await render(SettingsHarness, { far });
  await act('Library folder').click();
  await expect.element(page.getByText('Not there now: /media/disk/Archive')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Open Archive' })).toBeDisabled();
  far.libraries = far.libraries.slice(0, 1);
  await page.getByRole('button', { name: 'Remove Archive from this list' }).click();
  await expect.element(page.getByText('Not there now: /media/disk/Archive')).not.toBeInTheDocument();
  expect(far.of('libraries.forget')).toEqual([{ folder: '/media/disk/Archive' }]);
  await page.getByRole('button', { name: 'Open Clients' }).click();
  await expect.poll(() => far.of('libraries.inspect')).toEqual([{ folder: '/pictures/Clients' }]);
});

test('thumbnails of all images without one are made again, and their number is said', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Library folder').click();
  await act('Try missing thumbnails again').click();
  await expect
    .poll(() => toasts.current?.message)
    .toBe('Making thumbnails of 12 images again. They appear as they’re ready.');
  expect(far.of('library.retryThumbnails')).toHaveLength(1);
});

test('every section is labelled and readable', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Check').click();
  await expect.element(inspector().getByText(/^Checked today/u)).toBeVisible();
  await act('Check key').click();
  await expect.element(page.getByText(/Address and key work/u)).toBeVisible();
  await page.getByText('Override capabilities').click();
  for (const section of ['Profiles', 'Library folder', 'Sending', 'Appearance', 'About']) {
    await page.getByRole('navigation').getByRole('button', { name: section }).click();
    await expect.element(page.getByRole('heading', { name: section, level: 2 })).toBeVisible();
    const { violations } = await axe.run(document.body);
    expect(violations.map(({ id, nodes }) => `${section}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
  }
});

test('a key goes to the profile that it was typed for, also when another is opened meanwhile', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  const held = far.hold('profiles.save');
  await render(SettingsHarness, { far });
  await act('Add profile').click();
  await field('Base URL').fill('http://192.168.1.40:8080/v1');
  await key().fill('sk-local-0123456789');
  await act('Add and check').click();
  await expect.poll(() => far.of('profiles.save').length).toBe(1);
  await act('OpenAI, studio').click();
  held.release();
  await expect.poll(() => far.of('profiles.setKey')).toEqual([{ profileId: 'p2', key: 'sk-local-0123456789' }]);
  await expect.element(field('Base URL')).toHaveValue('https://api.openai.com/v1');
  await expect.element(page.getByText('••••••••f3Qa')).toBeVisible();
});

test('a key that is typed for one profile survives the answer for another', async () => {
  const local = { ...OPENAI, id: 'local' as ProfileId, name: 'Local', key: 'none' as const, keyHint: null };
  const far = new StudioInPage([OPENAI, local], OPENAI.id);
  const held = far.hold('profiles.setKey');
  await render(SettingsHarness, { far });
  await act('Replace key').click();
  await key().fill('sk-new-0123456789abc');
  await act('Save key').click();
  await expect.poll(() => far.of('profiles.setKey').length).toBe(1);
  await act('Local').click();
  await key().fill('sk-for-local-123456');
  held.release();
  await expect.element(act('Save changes')).toBeEnabled();
  await expect.element(key()).toHaveValue('sk-for-local-123456');
});

test('a profile is added whole or not at all', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Add profile').click();
  await field('Name').fill('Workstation');
  await key().fill('sk-clé 0123456789');
  await act('Add and check').click();
  await expect.element(key()).toHaveAccessibleDescription(/contains a space/u);
  expect(far.of('profiles.save')).toEqual([]);

  far.keyRefusal = { code: 'secrets-unavailable', billing: 'none', message: 'The keychain is locked.' };
  await key().fill('sk-local-0123456789');
  await act('Add and check').click();
  await expect.element(page.getByRole('alert').getByText('The keychain is locked.')).toBeVisible();
  await expect.poll(() => far.settings.profiles.map(({ name }) => name)).toEqual([OPENAI.name, 'Demo server']);

  far.keyRefusal = null;
  await act('Add and check').click();
  await expect.element(page.getByText('••••••••6789')).toBeVisible();
  expect(far.settings.profiles.map(({ name }) => name)).toEqual(['Workstation', OPENAI.name, 'Demo server']);
});

test('a name is short, and no two profiles have the same', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Add profile').click();
  await expect.element(field('Name')).toHaveAttribute('maxlength', '60');
  await field('Name').fill(' demo SERVER ');
  await act('Add and check').click();
  await expect.element(field('Name')).toHaveAccessibleDescription(/A profile named “demo SERVER” already exists\./u);
  expect(far.of('profiles.save')).toEqual([]);
});

test('damaged settings are named with what is used instead, until they are dismissed', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  const copy = '/home/me/settings.damaged-2026.json';
  far.settings = {
    ...far.settings,
    monthlyCap: 'unknown',
    damage: [
      { field: 'monthlyCap', of: null, profileId: null, copy },
      { field: 'organisation', of: 'OpenAI', profileId: OPENAI.id, copy },
    ],
  };
  await render(SettingsHarness, { far });
  const notice = page.getByRole('alert');
  await expect.element(notice.getByText('Some settings couldn’t be read.')).toBeVisible();
  await expect.element(notice.getByText(/^Monthly cap: Emulsion asks before every request/u)).toBeVisible();
  await expect.element(notice.getByText(/^Organisation of “OpenAI”: the profile isn’t used/u)).toBeVisible();
  await expect.element(notice.getByText(`Kept as ${copy}`)).toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  await act('Dismiss').click();
  await expect.element(notice).not.toBeInTheDocument();
  expect(far.of('settings.dismissDamage')).toHaveLength(1);
});

test('what was removed around an address and a key is said', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Add profile').click();
  await field('Name').fill('Relay');
  await field('Base URL').fill('https://relay.example/v1/images/generations');
  await key().fill('“sk-local-0123456789”');
  await act('Add and check').click();
  await expect
    .poll(() => toasts.current?.message)
    .toMatch(
      /^Saved as https:.+: the rest isn’t part of a base URL\. The key was saved without the characters around it\.$/u,
    );
});

test('a company’s certificates are added from a file, listed, and removed; a refusal stands with the field', async () => {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far });
  await act('Sending').click();
  await expect.element(act('Add certificates…')).toHaveAccessibleDescription(/^Needed only if your company/u);
  const chooser = document.querySelector<HTMLInputElement>('input[type=file]');
  const choose = (name: string, text: string): void => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    if (chooser) chooser.files = data.files;
    chooser?.dispatchEvent(new Event('change', { bubbles: true }));
  };
  choose('company.pem', 'PEM é');
  const list = page.getByRole('group', { name: 'Trusted certificates' });
  await expect.element(list.getByText('From company.pem')).toBeVisible();
  await expect.element(list.getByText(/^Contoso CA, valid until/u)).toBeVisible();
  await expect.element(list.getByText(/^Old CA \(issued by Root\), expired on/u)).toBeVisible();
  expect(far.of('settings.trustCertificates')).toEqual([{ name: 'company.pem', base64: 'UEVNIMOp' }]);
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  far.changeRefusal = {
    ...REFUSED,
    code: 'profile-invalid',
    message: 'The file holds a private key.',
    field: 'certificates',
  };
  choose('key.pem', 'x');
  await expect.element(page.getByText('The file holds a private key.')).toBeVisible();
  await act('Remove certificates').click();
  await expect.element(list).not.toBeInTheDocument();
});
