import axe from 'axe-core';
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../../renderer/app.css';
import FirstRun from '../../../renderer/firstrun/FirstRun.svelte';
import { stopClock } from '../page/stopped-clock.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { HOST, REFUSED, StudioInPage } from '../settings/studio-in-page.ts';

const act = (name: string) => page.getByRole('button', { name, exact: true });

async function open() {
  const far = new StudioInPage();
  const ondone = vi.fn();
  await renderInApp(FirstRun, { studio: far.studio, host: HOST }, { settings: far.settings, ondone });
  return { far, ondone };
}

test('a key is kept, checked and only then its profile chosen', async () => {
  const { far, ondone } = await open();
  await expect.element(page.getByLabelText('API key')).toHaveFocus();
  await page.getByLabelText('API key').fill('  sk-proj-0123456789f3Qa ');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  expect(far.calls.map((call) => call.endpoint)).toEqual([
    'profiles.save',
    'profiles.setKey',
    'profiles.check',
    'settings.change',
  ]);
  expect(far.of('profiles.setKey')).toEqual([{ profileId: 'p1', key: 'sk-proj-0123456789f3Qa' }]);
  expect(far.settings.profileId).toBe('p1');
});

test('the demo needs nothing and asks nothing', async () => {
  const { far, ondone } = await open();
  await page.getByRole('radio', { name: 'Demo server' }).click();
  await act('Start with the demo').click();
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  expect(far.calls).toEqual([{ endpoint: 'settings.change', payload: { profileId: 'demo' } }]);
});

test('an empty key is said under its field, and nothing is sent', async () => {
  const { far } = await open();
  await act('Check the key and start').click();
  await expect.element(page.getByLabelText('API key')).toBeInvalid();
  await expect.element(page.getByRole('alert')).toMatchTextContent(/Enter an API key/u);
  expect(far.calls).toEqual([]);
});

test('after a refusal nothing is chosen, and the next try changes the same profile', async () => {
  const { far, ondone } = await open();
  far.check = () => REFUSED;
  await page.getByLabelText('API key').fill('sk-wrong-0123456789');
  await act('Check the key and start').click();
  await expect.element(page.getByLabelText('API key')).toHaveAccessibleDescription(REFUSED.message);
  expect(far.settings.profileId).toBeNull();
  far.check = () => ({ models: [], tookMs: 1 });
  await page.getByLabelText('API key').fill('sk-right-0123456789');
  await act('Check the key and start').click();
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  expect(far.settings.profiles.filter((profile) => profile.kind === 'saved')).toHaveLength(1);
});

test('a server without a list of models can be used all the same', async () => {
  const { far, ondone } = await open();
  far.check = () => ({ code: 'endpoint-missing', billing: 'none', message: 'There is no list of models.' });
  await page.getByRole('radio', { name: 'Another server' }).click();
  await page.getByLabelText('Base URL').fill('http://192.168.1.40:8080/v1');
  await act('Check the server and start').click();
  await expect.element(page.getByText('There is no list of models.')).toBeVisible();
  await act('Use anyway').click();
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  expect(far.of('profiles.setKey')).toEqual([]);
  expect(far.settings.profiles.find((profile) => profile.id === far.settings.profileId)).toMatchObject({
    name: '192.168.1.40:8080',
    baseUrl: 'http://192.168.1.40:8080/v1',
  });
});

test('the check shows how long it takes and can be given up; its late answer chooses nothing', async () => {
  const clock = stopClock();
  const { far, ondone } = await open();
  let answer: () => void = () => undefined;
  far.check = () => new Promise((resolve) => (answer = () => resolve({ models: [], tookMs: 1 })));
  await page.getByLabelText('API key').fill('sk-proj-0123456789');
  await act('Check the key and start').click();
  await expect.element(act('Checking 0:00')).toBeVisible();
  clock.pass(1000);
  await expect.element(act('Checking 0:01')).toBeVisible();
  await act('Cancel').click();
  answer();
  await expect.element(act('Check the key and start')).toBeVisible();
  expect(ondone).not.toHaveBeenCalled();
  expect(far.of('settings.change')).toEqual([]);
});

test('where keys are kept is said by the host, and everything is labelled and readable', async () => {
  await open();
  await expect.element(page.getByText(HOST.keysNote ?? '')).toBeVisible();
  await page.getByRole('radio', { name: 'Another server' }).click();
  const { violations } = await axe.run(document.body);
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
});

test('a key that was handed over is forgotten here, and still serves the next try', async () => {
  const { far, ondone } = await open();
  far.check = () => ({ code: 'server-unreachable', billing: 'none', message: 'The server does not answer.' });
  await page.getByLabelText('API key').fill('sk-proj-0123456789f3Qa');
  await act('Check the key and start').click();
  await expect.element(page.getByText('The server does not answer.')).toBeVisible();
  await expect.element(page.getByLabelText('API key')).toHaveValue('');
  far.check = () => ({ models: [], tookMs: 1 });
  await act('Check the key and start').click();
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  expect(far.of('profiles.setKey')).toHaveLength(1);
  expect(far.of('profiles.removeKey')).toEqual([]);
});

test('a key that the server refused has to be typed again', async () => {
  const { far } = await open();
  far.check = () => REFUSED;
  await page.getByLabelText('API key').fill('sk-wrong-0123456789');
  await act('Check the key and start').click();
  await expect.element(page.getByLabelText('API key')).toHaveAccessibleDescription(REFUSED.message);
  await act('Check the key and start').click();
  await expect.element(page.getByRole('alert')).toMatchTextContent(/Enter an API key/u);
  expect(far.of('profiles.check')).toHaveLength(1);
});

test('who chooses another place after a failed check leaves no profile that never worked', async () => {
  const { far, ondone } = await open();
  far.check = () => REFUSED;
  await page.getByLabelText('API key').fill('sk-wrong-0123456789');
  await act('Check the key and start').click();
  await expect.element(page.getByLabelText('API key')).toHaveAccessibleDescription(REFUSED.message);
  await page.getByRole('radio', { name: 'Demo server' }).click();
  await act('Start with the demo').click();
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
  await expect.poll(() => far.settings.profiles.map(({ kind }) => kind)).toEqual(['demo']);
});

test('a key that no header can carry is refused before anything is saved', async () => {
  const { far } = await open();
  await page.getByLabelText('API key').fill('sk-clé 0123456789');
  await act('Check the key and start').click();
  await expect.element(page.getByRole('alert')).toMatchTextContent(/contains a space/u);
  expect(far.calls).toEqual([]);
});
