import { ENDPOINTS, type EndpointName, type PayloadInput, type Result } from './endpoints.ts';
import type { InputImage } from './entities/inputs.ts';
import { StudioError, type ErrorReport } from './errors/errors.ts';
import type { StudioEvent } from './events.ts';

/** How a call ends on the wire: errors are data until the API throws them. */
export type Outcome<R = unknown> = { ok: R } | { error: ErrorReport };

/** The way between the renderer and the studio. There are two: Electron's IPC, and HTTP on loopback. */
export interface Transport {
  call(endpoint: EndpointName, payload: unknown): Promise<Outcome>;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Sends a file's bytes to `POST /inputs`. Never rejects, but where it was cancelled: with an `AbortError`. */
  upload(file: Blob, name: string, watch?: UploadWatch): Promise<Outcome>;
}

export interface UploadWatch {
  /** Cancels the upload; nothing of it is kept then. */
  signal?: AbortSignal;
  /** Told from time to time how much has left, from 0 to 1. */
  onProgress?: (part: number) => void;
}

/** What a host puts at `window.studio`. The page uploads files by itself, with these headers, which prove that it is our page. */
export type HostBridge = Pick<Transport, 'call' | 'subscribe'> & { uploadHeaders: Readonly<Record<string, string>> };

type Group<N extends EndpointName> = N extends `${infer G}.${string}` ? G : never;
type Method<N extends EndpointName, G extends string> = N extends `${G}.${infer M}` ? M : never;

/** `studio.jobs.create(request)` and so on, one method for each endpoint. Calls reject with a {@link StudioError}. */
export type StudioApi = {
  [G in Group<EndpointName>]: {
    [M in Method<EndpointName, G>]: `${G}.${M}` extends infer N extends EndpointName
      ? (payload: PayloadInput<N>) => Promise<Result<N>>
      : never;
  };
} & {
  subscribe: Transport['subscribe'];
  /** Takes a file in as an input, whole and proven, among the library's originals. */
  addInput(file: Blob, name: string, watch?: UploadWatch): Promise<InputImage>;
};

/** Builds the one API that the renderer sees from the table of endpoints and a transport. */
export function createStudioApi(transport: Transport): StudioApi {
  const groups: Record<string, Record<string, (payload: unknown) => Promise<unknown>>> = {};
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
    const [group = '', method = ''] = name.split('.');
    (groups[group] ??= {})[method] = async (payload) => {
      return resultOf(await transport.call(name, payload));
    };
  }
  const addInput: StudioApi['addInput'] = async (file, name, watch) =>
    resultOf(await transport.upload(file, name, watch)) as InputImage;
  // The mapped type above says the same as the loop; TypeScript cannot follow a name being split.
  return { ...groups, addInput, subscribe: transport.subscribe.bind(transport) } as unknown as StudioApi;
}

function resultOf(outcome: Outcome): unknown {
  if ('error' in outcome) throw new StudioError(outcome.error);
  return outcome.ok;
}
