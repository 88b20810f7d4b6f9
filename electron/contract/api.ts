import { ENDPOINTS, type EndpointName, type PayloadInput, type Result } from './endpoints.ts';
import type { InputImage } from './entities/inputs.ts';
import { StudioError, type ErrorReport } from './errors/errors.ts';
import type { StudioEvent } from './events.ts';

/** How a call ends on the wire. Errors are data here; the API throws them as a {@link StudioError}. */
export type Outcome<R = unknown> = { ok: R } | { error: ErrorReport };

/** Carries calls, events and uploads between the renderer and the studio. Two implementations: Electron's IPC, and HTTP on loopback. */
export interface Transport {
  call(endpoint: EndpointName, payload: unknown): Promise<Outcome>;
  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /**
   * Sends a file's bytes to `POST /inputs`. Failures resolve to an outcome with an error; it rejects only with an `AbortError`, after
   * `signal` was aborted.
   */
  upload(file: Blob, name: string, options?: UploadWatch & { part?: ImportPart }): Promise<Outcome>;
}

export interface UploadWatch {
  /** Cancels the upload; nothing is stored. */
  signal?: AbortSignal;
  /** Called repeatedly with the share of bytes sent, 0 to 1. */
  onProgress?: (part: number) => void;
}

/** Files that are imported together, and the date of this one in ms. */
export interface ImportPart {
  uploadId: string;
  modifiedAt: number;
}

/** What a host puts at `window.studio`. The page sends uploads with `uploadHeaders`, which authenticate it. */
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
  /** Stores a file among the library's originals as an input. Rejects with a {@link StudioError} if it isn't a valid image. */
  addInput(file: Blob, name: string, watch?: UploadWatch): Promise<InputImage>;
  /** Sends a file that is to be imported. `name`: its path within what was chosen. Rejects with a {@link StudioError}. */
  uploadImport(file: Blob, name: string, part: ImportPart, watch?: UploadWatch): Promise<void>;
};

/** Builds the renderer's API from the table of endpoints and a transport. Its methods reject with a {@link StudioError}. */
export function createStudioApi(transport: Transport): StudioApi {
  const groups: Record<string, Record<string, (payload: unknown) => Promise<unknown>>> = {};
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
    const [group = '', method = ''] = name.split('.');
    (groups[group] ??= {})[method] = async (payload) => {
      return resultOf(await callOrLost(transport, name, payload));
    };
  }
  const addInput: StudioApi['addInput'] = async (file, name, watch) =>
    resultOf(await transport.upload(file, name, watch)) as InputImage;
  const uploadImport: StudioApi['uploadImport'] = async (file, name, part, watch) => {
    resultOf(await transport.upload(file, name, { ...watch, part }));
  };
  // TypeScript can't follow the splitting of endpoint names; the mapped type above describes the result.
  return { ...groups, addInput, uploadImport, subscribe: transport.subscribe.bind(transport) } as unknown as StudioApi;
}

/** A call that breaks on its way, as IPC does while its host restarts, may have been carried out. */
async function callOrLost(transport: Transport, name: EndpointName, payload: unknown): Promise<Outcome> {
  try {
    return await transport.call(name, payload);
  } catch {
    return { error: { code: 'host-lost', message: 'Emulsion isn’t responding.', billing: 'possible' } };
  }
}

function resultOf(outcome: Outcome): unknown {
  if ('error' in outcome) throw new StudioError(outcome.error);
  return outcome.ok;
}
