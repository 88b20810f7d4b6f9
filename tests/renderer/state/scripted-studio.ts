import { createStudioApi, type Outcome, type StudioApi, type Transport } from '../../../electron/contract/api.ts';
import type { EndpointName } from '../../../electron/contract/endpoints.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { GenerationId, ImageId, JobId, ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage, View } from '../../../electron/contract/entities/views.ts';
import type { GeneratedImage, Image, NewestImages } from '../../../electron/contract/entities/images.ts';
import type { Job, JobGeneration } from '../../../electron/contract/entities/jobs.ts';
import { DEFAULT_PROFILE_FIELDS } from '../../../electron/contract/entities/profiles.ts';
import type { QueueState } from '../../../electron/contract/entities/queue.ts';
import type { Settings } from '../../../electron/contract/entities/settings.ts';
import type { Spending } from '../../../electron/contract/entities/spending.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import type { SelectionSummary } from '../../../electron/contract/entities/annotations.ts';

type Answers = Partial<Record<EndpointName, (payload: never) => unknown>>;

/** The far end of the transport: a page script that answers calls in place of a host, and pushes events when told to. */
export interface ScriptedStudio {
  studio: StudioApi;
  /** Every call so far, in order. */
  calls: { endpoint: EndpointName; payload: unknown }[];
  answers: Answers;
  /** The shape of the view that the script answers. */
  shape: () => Promise<Uint16Array>;
  push(event: StudioEvent): void;
}

const NO_UPLOAD: Transport['upload'] = () =>
  Promise.resolve({ error: { code: 'unsupported-here', message: 'This script takes no files.', billing: 'none' } });

/** A studio whose endpoints answer what the script says; an answer `{ refusal }` rejects with that report. */
export function scriptedStudio(answers: Answers = {}, upload: Transport['upload'] = NO_UPLOAD): ScriptedStudio {
  const listeners = new Set<(event: StudioEvent) => void>();
  const calls: ScriptedStudio['calls'] = [];
  const all: Answers = { ...DEFAULTS, ...answers };
  const studio = createStudioApi({
    async call(endpoint, payload): Promise<Outcome> {
      calls.push({ endpoint, payload });
      const answer = await all[endpoint]?.(payload as never);
      return typeof answer === 'object' && answer !== null && 'refusal' in answer
        ? { error: answer.refusal as ErrorReport }
        : { ok: answer ?? null };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    upload: (file, name, watch) => upload(file, name, watch),
  });
  const shape = async (): Promise<Uint16Array> => {
    const { total } = (await all['views.ask']?.({} as never)) as View;
    return shapeFor((await all['views.rows']?.({ from: 0, count: total } as never)) as Image[]);
  };
  return { studio, calls, answers: all, shape, push: (event) => listeners.forEach((listener) => listener(event)) };
}

export const HOST: HostInfo = {
  version: '0.1.0',
  imageBase: '/images',
  capabilities: { revealInFolder: false, chooseFolder: false, keepKeys: false },
  keysNote: null,
  platform: 'linux',
};

/** What nobody has changed yet. */
export const PLAIN_SETTINGS = {
  proxy: { mode: 'environment' },
  environmentProxy: null,
  stripMetadata: true,
  monthlyCap: null,
  damage: [],
  certificates: null,
  prices: [],
  watchedFolder: null,
  mirrorFolder: null,
} satisfies Partial<Settings>;

export const SETTINGS: Settings = {
  theme: 'dark',
  profileId: 'demo' as ProfileId,
  profiles: [
    {
      id: 'demo' as ProfileId,
      kind: 'demo',
      name: 'Demo server',
      baseUrl: 'http://127.0.0.1:1/v1',
      organisation: null,
      project: null,
      key: 'not-needed',
      keyHint: null,
      ...DEFAULT_PROFILE_FIELDS,
      free: true,
    },
  ],
  ...PLAIN_SETTINGS,
  library: { folder: 'Images/Emulsion', images: 0, bytes: 0 },
};

/** A queue with nothing in it. */
export const IDLE: QueueState = { paused: false, suspended: false, order: [], holds: [], storage: null };
const EMPTY: NewestImages = { images: [], all: 0 };
/** A month in which nothing was billed. */
export const NOTHING_SPENT: Spending = {
  total: 0,
  images: 0,
  bars: [],
  models: [],
  profiles: [],
  collections: [],
  uncertain: [],
};
const UNMARKED: GridImage['marks'] = { rating: 0, favourite: false, rejected: false };
/** Of images that are alike. */
export const SAME_FACTS: SelectionSummary['facts'] = {
  op: { value: 'create', values: 1 },
  model: { value: 'gpt-image-2', values: 1 },
  size: { value: '1024x1024', values: 1 },
  quality: { value: 'high', values: 1 },
  format: { value: 'png', values: 1 },
  background: { value: 'auto', values: 1 },
};
const EMPTY_VIEW: View = {
  id: 'view-1',
  revision: 1,
  total: 0,
  all: 0,
  buckets: [],
  errors: [],
  byParts: false,
};
const DEFAULTS: Answers = {
  'host.info': () => HOST,
  'settings.get': () => SETTINGS,
  'jobs.list': () => [],
  'jobs.finished': () => ({ jobs: [], next: null }),
  'jobs.history': () => ({ jobs: [], next: null }),
  'queue.get': () => IDLE,
  'library.newest': () => EMPTY,
  'library.recentJobs': () => [],
  'spending.tokenHistory': ({ model }: { model: string }) => ({ model, entries: [] }),
  'spending.get': () => NOTHING_SPENT,
  'collections.list': () => [],
  'tags.list': () => [],
  'trash.get': () => ({ images: 0, bytes: 0 }),
  'changes.list': () => ({ changes: [], next: null }),
  'runs.list': () => [],
  'snapshots.list': () => [],
  'quarantine.list': () => ({ files: [], next: null, total: 0 }),
  ...viewsOf([]),
};

/** Answers of an index that holds these images, in this order, whatever is asked. */
export function viewsOf(images: readonly Image[], change: Partial<View> = {}): Answers {
  const gridImages = images.map((each): GridImage => ({ marks: UNMARKED, stack: 1, ...each }));
  return {
    'views.ask': (): View => ({ ...EMPTY_VIEW, total: images.length, all: images.length, ...change }),
    'views.rows': ({ from, count }: { from: number; count: number }) => gridImages.slice(from, from + count),
    'views.positions': ({ imageIds }: { imageIds: string[] }) =>
      imageIds.map((wanted) => {
        const position = images.findIndex(({ id }) => id === wanted);
        return position < 0 ? null : position;
      }),
    'views.status': () => ({ ready: true, revision: 1, loaded: images.length, images: images.length }),
  };
}

/** The shape of a view of these images. */
export const shapeFor = (images: readonly Image[]): Uint16Array =>
  Uint16Array.from(images, ({ width, height }) => Math.round((width / height) * 4096));

/** An id that sorts by its number, in the shape of a UUID. */
export function uuid(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** An image; a greater number is a newer one. */
export function image(number: number, change: Partial<GeneratedImage> = {}): GeneratedImage {
  return {
    id: uuid(number) as ImageId,
    jobId: uuid(number) as JobId,
    generationId: uuid(number) as GenerationId,
    prompt: `Image ${number}`,
    model: 'gpt-image-2.6-sunburst',
    createdAt: 1_795_000_000_000 + number * 1000,
    width: 1536,
    height: 1024,
    format: 'png',
    bytes: 2_400_000,
    hasAlpha: false,
    thumbhash: null,
    ...change,
  };
}

export function generation(number: number, change: Partial<JobGeneration> = {}): JobGeneration {
  const id = uuid(number) as GenerationId;
  return {
    id,
    state: 'sent',
    n: 1,
    sentAt: Date.now(),
    finishedAt: null,
    requestId: null,
    billing: 'possible',
    cost: null,
    partials: [],
    images: [],
    error: null,
    ...change,
  };
}

export function job(number: number, change: Partial<Job> = {}): Job {
  return {
    id: uuid(number) as JobId,
    state: 'running',
    request: {
      operation: 'create',
      profileId: 'demo' as ProfileId,
      parameters: {
        prompt: `Image ${number}`,
        model: 'gpt-image-2.6-sunburst',
        n: 1,
        stream: true,
        partial_images: 3,
        size: '1536x1024',
      },
    },
    profileName: 'Demo server',
    createdAt: 1_795_000_000_000 + number * 1000,
    startedAt: null,
    finishedAt: null,
    generations: [generation(number)],
    error: null,
    dismissed: false,
    batchId: null,
    estimate: null,
    ...change,
  };
}
