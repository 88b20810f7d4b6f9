import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { startRecordingServer } from '../fakes/recording-server.ts';
import { create, environmentFor, expect, test } from './fixtures.ts';
import { seeFailedJob, STACK } from './journey.ts';
import { runLoopbackHost } from './loopback-host.ts';
import { imageCells } from './library-cells.ts';

interface FailingRequest {
  title: string;
  prompt: string;
  key?: string;
  /** The server is closed before the request. */
  unreachable?: true;
  /** The server's answer with status 200, like a network's sign-in page. */
  page?: string;
  /** What happened, whether it is billed, and what to do. */
  sentence: RegExp;
}

const FAILING: readonly FailingRequest[] = [
  {
    title: 'a wrong key',
    prompt: 'Two pears',
    key: 'sk-wrong-0123456789abcdef',
    sentence: /didn’t accept this profile’s API key\. Check in Settings that .* Not billed\./u,
  },
  {
    title: 'an address that cannot be reached',
    prompt: 'Two pears',
    unreachable: true,
    sentence: /127\.0\.0\.1:\d+ can’t be reached.* Check that the server is running, .* Not billed\./u,
  },
  {
    title: 'a gateway’s web page with an error status',
    prompt: 'Two pears [demo:html]',
    sentence: /The server failed \(502\)\. Retry later\. It may have been billed, /u,
  },
  {
    title: 'a web page instead of JSON',
    prompt: 'Two pears',
    page: '<!doctype html><title>Sign in</title><p>Sign in to the hotel’s network',
    sentence: /isn’t from an Images API\. Check the profile’s base URL.* It may have been billed, /u,
  },
  {
    title: 'a stream that is cut',
    prompt: 'Two pears [demo:cut]',
    sentence: /lost before the response finished\. .* may have been billed, .* 3 partial images received and saved\./u,
  },
  {
    title: 'broken base64',
    prompt: 'Two pears [demo:garbage]',
    sentence: /contains characters that aren’t base64\. If this happens again, check .* Billed\./u,
  },
  {
    title: 'an answer without an image',
    prompt: 'Two pears [demo:empty]',
    sentence: /before the image was finished\. .* It may have been billed, /u,
  },
];

test.describe('on the page', () => {
  for (const failing of FAILING) {
    const { title, prompt, key, sentence } = failing;
    test(`${title} is reported in one sentence, and the job is kept`, async ({ page, host, demo }) => {
      const server =
        failing.page === undefined
          ? await demo()
          : await startRecordingServer({ headers: { 'content-type': 'text/html' }, body: failing.page });
      if (failing.unreachable) await server.close();
      const environment = { ...environmentFor(server), ...(key !== undefined && { OPENAI_API_KEY: key }) };
      const studio = await host({ environment });
      await page.goto(studio.url);
      await create(page, prompt);
      await seeFailedJob(page, prompt, sentence);
      await page.reload();
      await seeFailedJob(page, prompt, sentence);
      if (key !== undefined) await expect(page.locator('body')).not.toContainText(key);
      await page.getByRole('link', { name: 'Library', exact: true }).click();
      await expect(imageCells(page, prompt)).toBeHidden();
      expect(studio.errors()).toBe('');
      if (failing.page !== undefined) await server.close();
    });
  }

  test('an empty prompt and one of 32,001 characters cannot be sent, and the page says why', async ({
    page,
    host,
    demo,
  }) => {
    const studio = await host({ environment: environmentFor(await demo()) });
    await page.goto(studio.url);
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    const button = page.getByRole('button', { name: 'Create 1 image' });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription('Write a prompt');
    await prompt.fill(' \n ');
    await expect(button).toBeDisabled();

    await prompt.fill('x'.repeat(32_001));
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription('Shorten the prompt');
    await expect(prompt).toHaveAttribute('aria-invalid', 'true');
    await expect(prompt).toHaveAccessibleDescription(
      /^The prompt has 32,001 characters; the limit of .* is 32,000\.$/u,
    );

    await prompt.fill('x'.repeat(32_000));
    await expect(button).toBeEnabled();
    await expect(prompt).not.toHaveAttribute('aria-invalid');
    await expect(page.getByRole('alert')).toBeHidden();
  });
});

test.describe('in the terminal, with one line and exit code 1', () => {
  const expectOneLine = ({ code, said }: { code: number; said: string }, sentence: RegExp): void => {
    expect(said).toMatch(sentence);
    expect(said).toMatch(/^[^\n]+\n$/u);
    expect(said).not.toMatch(STACK);
    expect(code).toBe(1);
  };

  test('a library of a newer version', async ({ home, host }) => {
    const first = await host();
    await first.stop();
    const library = new Database(join(home, 'library', 'library.db'));
    library.pragma('user_version = 9999');
    library.close();
    expectOneLine(
      await runLoopbackHost({ home }),
      /was last used by a newer version of Emulsion.* Nothing was changed\. Update Emulsion, or choose another library folder\.$/mu,
    );
  });

  test('a second instance on the same library', async ({ home, host, page }) => {
    const first = await host({ args: ['--demo'] });
    expectOneLine(
      await runLoopbackHost({ home }),
      new RegExp(
        `^Emulsion is already open on the library in .*\\(process ${first.process.pid} .*Nothing was changed\\. Use it there`,
        'u',
      ),
    );
    await page.goto(first.url);
    await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
  });

  test('a file in the place of one of a library’s folders', async ({ home }) => {
    const library = join(home, 'library');
    await mkdir(library);
    await writeFile(join(library, 'originals'), 'not a folder');
    const outcome = await runLoopbackHost({ home, args: ['--library', library] });
    expectOneLine(
      outcome,
      /^The library can’t be opened: .* is a file, not a folder\. Nothing was changed\. Choose /mu,
    );
    expect(outcome.said).toContain(join(library, 'originals'));
  });

  test('a library folder inside a file', async ({ home }) => {
    const file = join(home, 'taken');
    await writeFile(file, 'not a folder');
    const outcome = await runLoopbackHost({ home, args: ['--library', join(file, 'library')] });
    expectOneLine(
      outcome,
      /^The library can’t be stored in .* is a file, not a folder\. Nothing was changed\. Choose /mu,
    );
    expect(outcome.said).toContain(`${file} is a file`);
  });
});
