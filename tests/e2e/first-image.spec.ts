import type { Page } from '@playwright/test';
import { test, type StartHost } from './fixtures.ts';
import { JOURNEY_MS, JOURNEYS, type Host } from './journey.ts';
import type { LoopbackHost } from './loopback-host.ts';

/** Uses one tab: after a restart it is reloaded. */
function onLoopback(start: StartHost, page: Page): Host {
  let environment: Record<string, string> = {};
  let running: LoopbackHost | null = null;
  return {
    async open(changed = environment) {
      environment = changed;
      const before: LoopbackHost | null = running;
      running = await start({ environment, port: before === null ? 0 : Number(new URL(before.url).port) });
      await (before === null ? page.goto(running.url) : page.reload());
      return page;
    },
    stop: async () => running?.stop(),
  };
}

test.describe('the loopback host', () => {
  for (const [title, journey] of Object.entries(JOURNEYS)) {
    test(title, async ({ host, page, demo }) => {
      test.setTimeout(JOURNEY_MS);
      await journey(onLoopback(host, page), demo);
    });
  }
});
