import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import type { ProbeReport } from '../../../electron/contract/catalogue/servers.ts';
import { setClock } from '../../../renderer/page/clock.ts';
import SettingsHarness from './SettingsHarness.svelte';
import { NOW, OPENAI, REFUSED, REPORT, StudioInPage } from './studio-in-page.ts';

beforeEach(() => setClock(() => NOW));
afterEach(() => setClock(null));

const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const act = (name: string) => page.getByRole('button', { name, exact: true });
const inspector = () => page.getByRole('complementary', { name: 'What this server supports' });
const rows = () => inspector().getByRole('listitem');
const server = () => page.getByRole('combobox', { name: 'Server', exact: true });

async function chooseServer(name: string): Promise<void> {
  await server().click();
  await page.getByRole('option', { name, exact: true }).click();
}

const AZURE: Profile = {
  ...OPENAI,
  id: 'azure' as ProfileId,
  name: 'Azure, Sweden Central',
  baseUrl: 'https://emulsion.openai.azure.com',
  server: 'azure-deployments',
  apiVersion: '2025-04-01-preview',
  deployments: { 'gpt-image-2': 'paint' },
};

describe('the kind of server', () => {
  test('follows the address until the person chooses one', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    await render(SettingsHarness, { far });
    await act('Add profile').click();
    await expect.element(server()).toMatchTextContent(/^OpenAI$/u);
    await field('Base URL').fill('https://emulsion.openai.azure.com');
    await expect.element(server()).toMatchTextContent(/Azure OpenAI, deployments/u);
    await expect.element(field('API version')).toHaveValue('2025-04-01-preview');
    await field('Base URL').fill('https://emulsion.openai.azure.com/openai/v1');
    await expect.element(server()).toMatchTextContent(/Azure OpenAI, v1/u);
    await chooseServer('LiteLLM');
    await field('Base URL').fill('https://api.openai.com/v1');
    await expect.element(server()).toMatchTextContent(/LiteLLM/u);
    await expect.element(page.getByText(/refuses a list of one image/u)).toBeVisible();
  });

  test('OpenAI’s address does not stay for another kind of server', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    await render(SettingsHarness, { far });
    await act('Add profile').click();
    await chooseServer('Azure OpenAI, v1');
    await expect.element(field('Base URL')).toHaveValue('');
    await expect
      .element(field('Base URL'))
      .toHaveAttribute('placeholder', 'https://your-resource.openai.azure.com/openai/v1');
    await act('Add and check').click();
    await expect
      .element(page.getByText(/^Enter the server’s address, for example https:\/\/your-resource/u))
      .toBeVisible();
    expect(far.of('profiles.save')).toEqual([]);
    await chooseServer('OpenAI');
    await expect.element(field('Base URL')).toHaveValue('https://api.openai.com/v1');
  });

  test('fields for Azure stand there only for Azure, and pairs are saved', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    await render(SettingsHarness, { far });
    await expect.element(field('API version')).not.toBeInTheDocument();
    await expect.element(field('Organisation')).toBeVisible();
    await chooseServer('Azure OpenAI, deployments');
    await expect.element(field('Organisation')).not.toBeInTheDocument();
    await act('Add deployment').click();
    await field('Model 1').fill('gpt-image-2');
    await field('Deployment of model 1').fill('paint');
    await act('Add deployment').click();
    await field('Model 2').fill('gone');
    await act('Remove deployment 2').click();
    await act('Save changes').click();
    await expect
      .poll(() => far.of('profiles.save'))
      .toMatchObject([
        { server: 'azure-deployments', apiVersion: '2025-04-01-preview', deployments: { 'gpt-image-2': 'paint' } },
      ]);
    await expect.element(act('Save changes')).toBeDisabled();
  });

  test('what Azure wants and lacks is told under its field', async () => {
    const far = new StudioInPage([AZURE], AZURE.id);
    await render(SettingsHarness, { far });
    await expect.element(field('Deployment of model 1')).toHaveValue('paint');
    far.saveRefusal = { code: 'profile-invalid', billing: 'none', field: 'apiVersion', message: 'It needs one.' };
    await field('API version').fill('');
    await act('Save changes').click();
    await expect.element(field('API version')).toHaveAccessibleDescription('It needs one.');
    far.saveRefusal = {
      code: 'profile-invalid',
      billing: 'none',
      field: 'deployments',
      message: 'A pair lacks a half.',
    };
    await act('Save changes').click();
    await expect
      .element(page.getByRole('group', { name: 'Deployments' }))
      .toHaveAccessibleDescription('A pair lacks a half.');
  });

  test('how many at once, that nothing is billed, and what is set right are saved', async () => {
    const far = new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id);
    await render(SettingsHarness, { far });
    await act('Fewer requests at once').click();
    await page.getByRole('switch', { name: 'This server is free' }).click();
    await page.getByText('Override capabilities').click();
    await expect.element(page.getByText('no, found')).toBeVisible();
    await page.getByRole('radiogroup', { name: 'Variations' }).getByRole('radio', { name: 'Yes' }).click();
    await page.getByRole('combobox', { name: 'Images as' }).click();
    await page.getByRole('option', { name: 'image[]', exact: true }).click();
    await act('Save changes').click();
    await expect
      .poll(() => far.of('profiles.save'))
      .toMatchObject([{ concurrency: 3, free: true, overrides: { variation: true, imageField: 'image[]' } }]);
    await page.getByRole('radiogroup', { name: 'Variations' }).getByRole('radio', { name: 'As found' }).click();
    await act('Save changes').click();
    await expect.poll(() => far.of('profiles.save')[1]).toMatchObject({ overrides: { imageField: 'image[]' } });
  });
});

describe('the probe', () => {
  test('its lines tick in as they are learnt', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    let tell: (report: ProbeReport) => void = () => undefined;
    let end: (report: ProbeReport) => void = () => undefined;
    far.probe = (_spend, line) => {
      tell = line;
      return new Promise((resolve) => (end = resolve));
    };
    await render(SettingsHarness, { far });
    await act('Check').click();
    await expect.element(inspector().getByRole('status')).toMatchTextContent(/^\s*Asking/u);
    await expect.element(rows().nth(0)).toMatchTextContent(/Create: not checked yet/u);
    tell({ ...REPORT, lines: REPORT.lines.slice(0, 2) });
    await expect.element(rows().nth(0)).toMatchTextContent(/Create: yes\s*0\.4 s/u);
    await expect.element(rows().nth(2)).toMatchTextContent(/Variations: not checked yet/u);
    end(REPORT);
    await expect.element(rows().nth(2)).toMatchTextContent(/Variations: no\s*404, edit is used/u);
    await expect.element(inspector().getByText(/^Checked today at/u)).toBeVisible();
    await expect.element(inspector().getByText('Shuts down 1 Dec, in 9 days')).toBeVisible();
    await expect.element(page.getByRole('table').getByText(/^Today/u)).toBeVisible();
    await act('How we know').click();
    await expect.element(inspector().getByText("400: Missing required parameter: 'prompt'.")).toBeVisible();
    const { violations } = await axe.run(document.body);
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  test('a model whose shutdown date has passed is marked as shut down', async () => {
    setClock(() => Date.parse('2026-12-01T00:00:00Z'));
    await render(SettingsHarness, { far: new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id) });
    await expect.element(inspector().getByText('Shut down at OpenAI on 1 Dec 2026')).toBeVisible();
    await expect.element(inspector().getByText(/^Checked sunday 22 november at/u)).toBeVisible();
  });

  test('a server that does not answer is told in the row and in the inspector, with its words', async () => {
    const far = new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id);
    far.probe = () => ({
      ...REFUSED,
      code: 'server-unreachable',
      message: 'It refuses connections. Nothing was billed.',
    });
    await render(SettingsHarness, { far });
    await act('Check again').click();
    await expect.element(inspector().getByRole('alert')).toMatchTextContent(/refuses connections/u);
    await expect.element(inspector().getByText('Incorrect API key provided.')).toBeVisible();
    await expect.element(page.getByRole('table').getByText('No response')).toBeVisible();
    // What was found before is still there.
    await expect.element(rows().nth(0)).toMatchTextContent(/Create: yes/u);
    far.probe = () => REPORT;
    await act('Check again').click();
    await expect.element(inspector().getByText(/^Checked today at/u)).toBeVisible();
  });

  test('an image is made only after a question that tells what it costs', async () => {
    const far = new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id);
    far.probe = () => ({
      ...REPORT,
      spent: true,
      lines: REPORT.lines.map((line) =>
        line.finding === 'unknown' ? { ...line, finding: 'yes', why: 'It did.' } : line,
      ),
    });
    await render(SettingsHarness, { far });
    const learnMore = inspector().getByRole('button', { name: 'Generate a test image…' });
    await expect.element(learnMore).toHaveAccessibleDescription(/it costs about \$0\.\d+/u);
    await learnMore.click();
    const dialog = page.getByRole('dialog', { name: 'Generate a test image?' });
    await expect.element(dialog).toHaveAccessibleDescription(/gpt-image-.+one ordinary request.+into your library/u);
    await expect.element(dialog.getByText(/^Estimated \$/u)).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(far.of('profiles.probe')).toEqual([]);
    await inspector()
      .getByRole('button', { name: /^Generate a test image/u })
      .click();
    await dialog.getByRole('button', { name: /^Generate 1 image, \$/u }).click();
    await expect.element(inspector().getByText(/with one image/u)).toBeVisible();
    expect(far.of('profiles.probe')).toMatchObject([{ profileId: 'openai', spend: true, overCap: false }]);
  });

  test('a test image whose answer was lost is the same one after a reload, until its answer has arrived', async () => {
    const answers: { code: 'host-lost' | 'unsupported-here'; billing: 'possible' | 'none' }[] = [
      { code: 'host-lost', billing: 'possible' },
      { code: 'unsupported-here', billing: 'none' },
    ];
    const far = new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id);
    far.probe = () => {
      const answer = answers.shift();
      return answer ? { ...answer, message: 'The test image’s answer.' } : REPORT;
    };
    for (let visit = 1; visit <= 4; visit += 1) {
      const view = await render(SettingsHarness, { far });
      await inspector()
        .getByRole('button', { name: /^Generate a test image/u })
        .click();
      await page.getByRole('button', { name: /^Generate 1 image, \$/u }).click();
      await expect.poll(() => far.of('profiles.probe')).toHaveLength(visit);
      await expect
        .element(inspector().getByText(visit < 3 ? 'The test image’s answer.' : /^Checked today at/u))
        .toBeVisible();
      await view.unmount();
    }
    const ids = far.of('profiles.probe').map((payload) => (payload as { imageJobId: string }).imageJobId);
    expect(ids[0]).toBeTruthy();
    expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
    expect(ids[3]).not.toBe(ids[0]);
  });

  test('a cap that stands in the way of an image is no failed check', async () => {
    const far = new StudioInPage([{ ...OPENAI, found: REPORT }], OPENAI.id);
    far.probe = () => ({ code: 'cap-reached', message: 'This may exceed your monthly cap of $1.00.', billing: 'none' });
    await render(SettingsHarness, { far });
    await inspector()
      .getByRole('button', { name: /^Generate a test image/u })
      .click();
    await page.getByRole('button', { name: /^Generate 1 image, \$/u }).click();
    await expect.element(inspector().getByText('This may exceed your monthly cap of $1.00.')).toBeVisible();
    await expect.element(page.getByRole('table').getByText('Check failed')).not.toBeInTheDocument();
    await inspector().getByRole('button', { name: 'Generate anyway' }).click();
    await expect
      .poll(() => far.of('profiles.probe'))
      .toMatchObject([
        { profileId: 'openai', spend: true, overCap: false },
        { profileId: 'openai', spend: true, overCap: true },
      ]);
  });

  test('one that had to stop because something may have been billed says so', async () => {
    const why = 'It answered 200 to a request without a prompt. It may have made an image, so the test stopped.';
    const lines = [{ ability: 'create' as const, finding: 'unknown' as const, why, tookMs: 9, stopped: true }];
    const far = new StudioInPage([{ ...OPENAI, found: { ...REPORT, spent: true, lines } }], OPENAI.id);
    await render(SettingsHarness, { far });
    await expect.element(inspector().getByText(why).first()).toBeVisible();
  });

  test('what the person says stands before what was found', async () => {
    const far = new StudioInPage([{ ...OPENAI, found: REPORT, overrides: { variation: true } }], OPENAI.id);
    await render(SettingsHarness, { far });
    await expect.element(rows().nth(2)).toMatchTextContent(/Variations: yes\s*set by you/u);
  });
});

describe('the proxy', () => {
  const open = async (far: StudioInPage): Promise<void> => {
    await render(SettingsHarness, { far });
    await page.getByRole('navigation').getByRole('button', { name: 'Sending' }).click();
  };
  const mode = (name: string) => page.getByRole('radio', { name });

  test('what the environment names is shown, and none is a choice', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    far.settings = { ...far.settings, environmentProxy: 'http://me:••••••••@proxy.example:3128' };
    await open(far);
    await expect.element(mode('System')).toBeChecked();
    await expect.element(page.getByText(/Uses http:\/\/me:••••••••@proxy\.example:3128/u)).toBeVisible();
    await mode('None').click();
    await expect.poll(() => far.of('settings.change')).toEqual([{ proxy: { mode: 'none' } }]);
  });

  test('a custom address applies once it is saved, and its error is shown below it', async () => {
    const far = new StudioInPage([OPENAI], OPENAI.id);
    await open(far);
    await mode('Custom').click();
    expect(far.of('settings.change')).toEqual([]);
    const address = field('Address of the proxy');
    far.changeRefusal = {
      code: 'profile-invalid',
      billing: 'none',
      field: 'proxy',
      message: 'Not the address of a proxy.',
    };
    await address.fill('nonsense nonsense');
    await act('Save').click();
    await expect.element(address).toHaveAccessibleDescription('Not the address of a proxy.');
    await expect.element(address).toHaveValue('nonsense nonsense');
    far.changeRefusal = null;
    await address.fill('http://proxy.example:3128');
    await act('Save').click();
    await expect.element(act('Save')).toBeDisabled();
    expect(far.of('settings.change').at(-1)).toEqual({ proxy: { mode: 'manual', url: 'http://proxy.example:3128' } });
  });
});
