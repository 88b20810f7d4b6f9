import { beforeEach, expect, test } from 'vitest';
import type { JobRequest } from '../../../../electron/contract/entities/requests.ts';
import { RequestController } from '../../../../renderer/request/controller/RequestController.svelte.ts';
import { InputTray } from '../../../../renderer/request/tray/InputTray.svelte.ts';
import { StudioState } from '../../../../renderer/state/studio-state.svelte.ts';
import { job, scriptedStudio } from '../../state/scripted-studio.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('what is made at a click stays until the request has an outcome', async () => {
  const { studio } = scriptedStudio({ 'jobs.create': () => job(1) });
  const state = new StudioState(studio);
  await state.start();
  const seen: boolean[] = [];
  async function look(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.resolve();
      seen.push(controller.sending);
    }
  }
  const beforeSend = (): Promise<boolean> => {
    void look();
    return Promise.resolve(true);
  };
  const tray = new InputTray(studio);
  const controller = new RequestController(studio, state, { draft: state.draft, tray, beforeSend });
  controller.form.prompt = 'a vase';
  expect(await controller.send()).toBe(true);
  expect(seen).toEqual([true, true, true, true, true]);
  expect(controller.sending).toBe(false);
  state.stop();
});

test('what was asked for at the click goes out, whatever is written while its images are made', async () => {
  const sent: unknown[] = [];
  const { studio } = scriptedStudio({
    'jobs.create': ({ request }: { request: JobRequest }) => {
      sent.push('prompt' in request.parameters && request.parameters.prompt);
      return job(1);
    },
  });
  const state = new StudioState(studio);
  await state.start();
  const made = Promise.withResolvers<boolean>();
  const tray = new InputTray(studio);
  const controller = new RequestController(studio, state, { draft: state.draft, tray, beforeSend: () => made.promise });
  controller.form.prompt = 'a green vase';
  const click = controller.send();
  controller.form.prompt = 'a yellow vase';
  made.resolve(true);
  expect(await click).toBe(true);
  expect(sent).toEqual(['a green vase']);
  // The next one follows at once; a second click of a double click buys nothing.
  expect([await controller.send(), await controller.send()]).toEqual([true, false]);
  expect(sent).toEqual(['a green vase', 'a yellow vase']);
  state.stop();
});
