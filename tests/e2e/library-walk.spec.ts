import { join } from 'node:path';
import { copyMadeLibrary } from './made-library.ts';
import { walkLibrary, WALK_MS } from './library-journey.ts';
import { environmentFor, test } from './fixtures.ts';

test('a daily user finds, orders and uses 5,000 images', async ({ home, host, demo, page, complaints }) => {
  test.setTimeout(WALK_MS);
  const folder = join(home, 'library');
  await copyMadeLibrary(folder);
  const environment = environmentFor(await demo());
  const options = { args: ['--library', folder], environment };
  let running = await host(options);
  await page.goto(running.url);
  await walkLibrary(
    page,
    async () => {
      await running.stop();
      // The page's own storage belongs to its address.
      running = await host({ ...options, port: Number(new URL(running.url).port) });
      await page.goto(running.url);
      return page;
    },
    complaints,
  );
});
