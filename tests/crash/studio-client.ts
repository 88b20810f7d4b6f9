import type { EndpointName, PayloadInput, Result } from '../../electron/contract/endpoints.ts';
import type { Outcome } from '../../electron/contract/api.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { Image } from '../../electron/contract/entities/images.ts';

/** A page's connection to a loopback host, without a page. */
export interface StudioClient {
  call<Name extends EndpointName>(name: Name, payload: PayloadInput<Name>): Promise<Result<Name>>;
  /** Images that events have announced, by id. */
  announced: ReadonlyMap<string, Image>;
}

/** Connects to a host by the address that it printed, and listens to its events until the host ends. */
export async function connectStudio(url: string): Promise<StudioClient> {
  const { origin, hash } = new URL(url);
  const headers = { 'content-type': 'application/json', 'x-emulsion-token': hash.slice(1) };
  const announced = new Map<string, Image>();
  const feed = await fetch(`${origin}/api/events`, { headers });
  if (!feed.ok || !feed.body) throw new Error(`The host refused the event feed: ${feed.status}`);
  void readEvents(feed.body, (event) => {
    if (event.type !== 'job') return;
    for (const image of event.job.generations.flatMap(({ images }) => images)) announced.set(image.id, image);
  });
  return {
    announced,
    async call(name, payload) {
      const response = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(payload) });
      const outcome = (await response.json()) as Outcome;
      if ('error' in outcome) throw new Error(`${name}: ${outcome.error.message}`);
      return outcome.ok as never;
    },
  };
}

async function readEvents(body: ReadableStream<Uint8Array>, heard: (event: StudioEvent) => void): Promise<void> {
  let rest = '';
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const parsed = JSON.parse(line) as { type: string; event?: StudioEvent };
        if (parsed.event) heard(parsed.event);
      }
    }
  } catch {
    // The host was killed: the feed ends in the middle of anything.
  }
}
