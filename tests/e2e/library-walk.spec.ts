import { join } from 'node:path';
import { copyMadeLibrary } from './made-library.ts';
import { LIBRARY_WALKS, NO_FILE, openLibrary, WALK_MS } from './library-journey.ts';
import { environmentFor, test } from './fixtures.ts';

test.use({ ignored: NO_FILE });
test.describe.configure({ timeout: WALK_MS });

for (const [title, walk] of Object.entries(LIBRARY_WALKS))
  test(`in 5,000 images, ${title}`, async ({ home, host, demo, page }) => {
    const folder = join(home, 'library');
    await copyMadeLibrary(folder);
    const options = { args: ['--library', folder], environment: environmentFor(await demo()) };
    let running = await host(options);
    const open = async () => {
      await page.goto(running.url);
      return openLibrary(page);
    };
    const restart = async () => {
      await running.stop();
      // The page's own storage belongs to its address.
      running = await host({ ...options, port: Number(new URL(running.url).port) });
      return open();
    };
    await walk({ page: await open(), restart, keepsStorage: true });
  });
