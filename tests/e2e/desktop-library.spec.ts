import { join } from 'node:path';
import { WHERE } from './desktop-app.ts';
import { test } from './desktop-fixtures.ts';
import { environmentFor } from './fixtures.ts';
import { walkLibrary, WALK_MS } from './library-journey.ts';
import { copyMadeLibrary } from './made-library.ts';

test(`a daily user finds, orders and uses 5,000 images, ${WHERE}`, async ({ home, launch, demo, complaints }) => {
  test.setTimeout(WALK_MS);
  const folder = join(home, 'library');
  await copyMadeLibrary(folder);
  const options = { args: ['--library', folder], environment: environmentFor(await demo()) };
  const { app, page } = await launch(options);
  const restart = async () => {
    await app.quit();
    return (await launch(options)).page;
  };
  await walkLibrary(page, restart, complaints);
});
