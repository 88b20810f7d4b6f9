import { EventEmitter } from 'node:events';
import type { App, MessageBoxOptions } from 'electron';
import type { GenerationState } from '../../../electron/contract/entities/generations.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { guardQuit, QUIT_BUTTON, quitQuestion } from '../../../electron/desktop/window/quit.ts';

/** A job reduced to what the question uses. */
function jobWith(...generations: [state: GenerationState, n: number, arrived?: number][]): Job {
  return {
    generations: generations.map(([state, n, arrived = 0]) => ({
      state,
      n,
      images: Array.from({ length: arrived }),
    })),
  } as unknown as Job;
}

describe('quitQuestion', () => {
  test('is null without unfinished requests', () => {
    expect(quitQuestion([])).toBeNull();
    expect(quitQuestion([jobWith(['done', 1, 1], ['failed', 2], ['cancelled', 1], ['interrupted', 1])])).toBeNull();
  });

  test('counts the missing images of all jobs', () => {
    expect(quitQuestion([jobWith(['sent', 1])])?.message).toBe('1 image is being made. Quit anyway?');
    const jobs = [jobWith(['sent', 3, 1], ['done', 1, 1]), jobWith(['intent', 1], ['intent', 1])];
    expect(quitQuestion(jobs)?.message).toBe('4 images are being made. Quit anyway?');
  });

  test('counts an unfinished request even if all its images are received', () => {
    expect(quitQuestion([jobWith(['sent', 1, 1])])?.message).toBe('1 image is being made. Quit anyway?');
  });

  test('states the billing', () => {
    expect(quitQuestion([jobWith(['intent', 2])])?.detail).toBe('Queued requests stay in Activity. Nothing was sent.');
    expect(quitQuestion([jobWith(['intent', 1], ['sent', 1])])?.detail).toMatch(
      /may be billed and won’t be sent again automatically/u,
    );
  });

  test('keeps the program open if the box is closed', () => {
    expect(quitQuestion([jobWith(['sent', 1])])).toMatchObject({
      defaultId: 0,
      cancelId: 0,
      buttons: ['Keep Emulsion open', 'Quit'],
    });
  });
});

describe('guardQuit', () => {
  const log = vi.fn<(sentence: string, thrown: unknown) => void>();
  beforeEach(() => {
    log.mockReset();
  });

  /** A minimal Electron app: quit() emits `before-quit` and quits unless prevented. */
  class SmallApp extends EventEmitter {
    quits = 0;
    quit(): void {
      const event = { prevented: false, preventDefault: () => void (event.prevented = true) };
      this.emit('before-quit', event);
      if (!event.prevented) this.quits += 1;
    }
  }

  function guarded(ask: (question: MessageBoxOptions) => Promise<number>): {
    app: SmallApp;
    studio: { unfinishedJobs(): Job[]; close: () => Promise<void>; closed: number };
    agreed: () => boolean;
  } {
    const app = new SmallApp();
    const studio = {
      closed: 0,
      unfinishedJobs: () => [jobWith(['sent', 1])],
      close: async () => void (studio.closed += 1),
    };
    return { app, studio, agreed: guardQuit(app as unknown as App, studio, ask, log) };
  }

  test('stays open if the message box fails, and asks again the next time', async () => {
    const answers = [Promise.reject(new Error('the window has gone')), Promise.resolve(QUIT_BUTTON)];
    const ask = vi.fn<() => Promise<number>>(() => answers.shift() ?? Promise.resolve(QUIT_BUTTON));
    const { app, studio, agreed } = guarded(ask);
    app.quit();
    await expect.poll(() => log.mock.calls).not.toEqual([]);
    expect([agreed(), app.quits, studio.closed]).toEqual([false, 0, 0]);
    app.quit();
    await expect.poll(() => app.quits).toBe(1);
    expect([agreed(), studio.closed, ask.mock.calls.length]).toEqual([true, 1, 2]);
  });

  test('asks again after a refusal, and only once for concurrent attempts', async () => {
    const answers = [0, QUIT_BUTTON];
    const ask = vi.fn<() => Promise<number>>(async () => answers.shift() ?? QUIT_BUTTON);
    const { app, agreed } = guarded(ask);
    app.quit();
    app.quit();
    const quits = (): number => {
      if (ask.mock.calls.length < 2) app.quit();
      return app.quits;
    };
    await expect.poll(quits).toBe(1);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(agreed()).toBe(true);
  });

  test('quits even if the studio can’t close', async () => {
    const { app, studio } = guarded(async () => QUIT_BUTTON);
    studio.close = () => Promise.reject(new Error('disk gone'));
    app.quit();
    await expect.poll(() => app.quits).toBe(1);
    await expect.poll(() => log.mock.calls).toEqual([['Emulsion could not close in order', new Error('disk gone')]]);
  });
});
