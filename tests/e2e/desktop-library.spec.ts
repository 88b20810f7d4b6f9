import { join } from 'node:path';
import { REAL, WHERE } from './desktop-app.ts';
import { test } from './desktop-fixtures.ts';
import { environmentFor } from './fixtures.ts';
import { DESKTOP_WALKS, LIBRARY_WALKS, NO_FILE, openLibrary, WALK_MS } from './library-journey.ts';
import { copyMadeLibrary } from './made-library.ts';

test.use({ ignored: NO_FILE });
test.describe.configure({ timeout: WALK_MS });

/** All of them in the real Electron. */
const walks = Object.entries(LIBRARY_WALKS).filter(([title]) => REAL || DESKTOP_WALKS.has(title));

for (const [title, walk] of walks)
  test(`in 5,000 images, ${title}, ${WHERE}`, async ({ home, launch, demo }) => {
    const folder = join(home, 'library');
    await copyMadeLibrary(folder);
    const options = { args: ['--library', folder], environment: environmentFor(await demo()) };
    const { app, page } = await launch(options);
    const restart = async () => {
      await app.quit();
      return openLibrary((await launch(options)).page);
    };
    await walk({ page: await openLibrary(page), restart, keepsStorage: REAL });
  });
