import sharp from 'sharp';
import { startRecordingServer } from '../fakes/recording-server.ts';
import { create, environmentFor, expect, test } from './fixtures.ts';

const PROMPT = 'A lighthouse above a slate sea, first light';
const WIDTH = 96;

/** An event of the Images API's stream with an image of one colour in it. */
async function partialEvent(index: number, background: string): Promise<string> {
  const image = await sharp({ create: { width: WIDTH, height: WIDTH, channels: 3, background } })
    .png()
    .toBuffer();
  const event = {
    type: 'image_generation.partial_image',
    b64_json: image.toString('base64'),
    background: 'opaque',
    created_at: 1_795_000_000,
    output_format: 'png',
    partial_image_index: index,
    quality: 'medium',
    size: '1024x1024',
  };
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

test('a host killed during a job reports what is known, keeps what arrived, and sends nothing again', async ({
  page,
  host,
}) => {
  const server = await startRecordingServer({
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_killed' },
    body: [await partialEvent(0, '#345'), await partialEvent(1, '#678'), { hang: true }],
  });
  const environment = environmentFor(server);
  const first = await host({ environment });
  await page.goto(first.url);
  await create(page, PROMPT);
  const partial = page.locator('img[src*="/partial/"][src$="/1"]');
  await expect(partial).toBeVisible();
  await first.stop('SIGKILL');

  await host({ environment, port: Number(new URL(first.url).port) });
  await page.reload();
  const job = page.getByRole('region', { name: 'Interrupted' });
  const alert = job.getByRole('alert');
  await expect(alert).toContainText(
    'Emulsion quit before the response arrived. It may have been billed, so it won’t be sent again automatically.',
  );
  await expect(alert).toContainText('2 partial images received and saved.');
  await expect(job.getByText(PROMPT)).toBeVisible();
  const kept = job.locator('img[src*="/partial/"][src$="/1"]');
  await expect(kept).toBeVisible();
  expect(await kept.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(WIDTH);

  // The new host's queue runs, and the server has still received one request.
  expect(server.begun.filter((method) => method === 'POST')).toEqual(['POST']);
  await server.close();
});
