import { test as base, expect, type Page } from '@playwright/test';
import { startDemoApi, type DemoApi, type DemoApiOptions } from '../../electron/demo-api/server.ts';
import { dateOffset } from '../date-offset.ts';
import { moveDate } from '../move-date.ts';
import { makeHome, startLoopbackHost, type HostOptions, type LoopbackHost } from './loopback-host.ts';

/** Starts a demo server that answers without delay by default. */
export type StartDemo = (options?: DemoApiOptions) => Promise<DemoApi>;

export type StartHost = (options?: Omit<HostOptions, 'home'>) => Promise<LoopbackHost>;

export interface Fixtures {
  home: string;
  /** Starts a host on this test's home; all of them are stopped at the end, after the page is closed. */
  host: StartHost;
  /** Whether a host has been stopped: only from then on may a request of the page be cut off. */
  stopped: { host: boolean };
  /** All of them are closed at the end. */
  demo: StartDemo;
  /** Errors in the page's console that the test expects. */
  ignored: RegExp;
  /** Other errors in the page's console; a test fails if any is left at its end. */
  complaints: string[];
}

/** Matches nothing. */
export const NOTHING = /(?!)/u;

/** What Chromium says of a request that a stopped host left unanswered, or answered in part. */
const CUT_OFF =
  /^Failed to load resource: net::ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/u;

/**
 * Collects errors of a page and its console, violations of its security policy included. Failures to load something name its address.
 * @param ignores whether a message isn't an error now
 */
export function collectComplaints(page: Page, complaints: string[], ignores: (text: string) => boolean): void {
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const isUnloaded = message.text().startsWith('Failed to load resource');
    const text = isUnloaded ? `${message.text()} (${message.location().url})` : message.text();
    if (!ignores(text)) complaints.push(text);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}

/** A fixture of both hosts' tests. */
// eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
export async function lendDemoServers({}, use: (start: StartDemo) => Promise<void>): Promise<void> {
  const servers: DemoApi[] = [];
  await use(async (options) => {
    const server = await startDemoApi({ pace: 0, ...options });
    servers.push(server);
    return server;
  });
  await Promise.all(servers.map((server) => server.close()));
}

const offset = dateOffset();

export const test = base.extend<Fixtures>({
  context: async ({ context }, use) => {
    if (offset !== 0) await context.addInitScript(moveDate, offset);
    await use(context);
  },
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
  home: async ({}, use) => {
    const { home, remove } = await makeHome();
    await use(home);
    await remove();
  },
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
  stopped: async ({}, use) => {
    await use({ host: false });
  },
  host: async ({ home, page, stopped }, use) => {
    const hosts: LoopbackHost[] = [];
    await use(async (options = {}) => {
      const host = await startLoopbackHost({ home, ...options });
      hosts.push(host);
      return {
        ...host,
        stop(signal) {
          stopped.host = true;
          return host.stop(signal);
        },
      };
    });
    // A page that still loads an image would complain that its host is gone.
    await page.close();
    await Promise.all(hosts.map((host) => host.stop()));
  },
  demo: lendDemoServers,
  ignored: [NOTHING, { option: true }],
  complaints: [
    async ({ page, stopped, ignored }, use) => {
      const complaints: string[] = [];
      // A page whose host was stopped tries to reconnect.
      collectComplaints(page, complaints, (text) => ignored.test(text) || (stopped.host && CUT_OFF.test(text)));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** A profile "Environment" that points at a server, so that a test starts on *Create* with a real place to send to. */
export function environmentFor(demo: Pick<DemoApi, 'baseUrl'>): Record<string, string> {
  return { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: demo.baseUrl };
}

/** Fills in the prompt and sends it. The button's name says how many images there will be. */
export async function create(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  await page.getByRole('button', { name: /^Create \d+ images?$/u }).click();
}

export { expect };
