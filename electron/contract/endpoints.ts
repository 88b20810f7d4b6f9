import * as v from 'valibot';
import {
  ImageIdSchema,
  JobIdSchema,
  JobRequestSchema,
  PictureCursorSchema,
  ProfileDraftSchema,
  ProfileIdSchema,
  SettingsChangeSchema,
  type HostInfo,
  type Job,
  type PicturePage,
  type PictureRecord,
  type Profile,
  type ProfileCheck,
  type Run,
  type Settings,
} from './entities.ts';

/** One call of the contract: what goes in (checked once, in dispatch) and what comes out. */
export interface Endpoint<Payload extends v.GenericSchema, Result> {
  payload: Payload;
  /** Carries the result's type only; never read. */
  result?: Result;
}

const endpoint = <Result>() => ({
  takes: <Payload extends v.GenericSchema>(payload: Payload): Endpoint<Payload, Result> => ({ payload }),
});
const nothing = v.strictObject({});

/** Every call that the renderer can make, by name. Handlers, transports and the API are all made from this one table. */
export const ENDPOINTS = {
  'host.describe': endpoint<HostInfo>().takes(nothing),
  /** Shows a picture's original in the system's file manager. */
  'host.reveal': endpoint<null>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** Lets the person pick another library folder; null when they changed their mind. Takes effect at the next start. */
  'host.chooseLibrary': endpoint<{ folder: string } | null>().takes(nothing),

  'settings.get': endpoint<Settings>().takes(nothing),
  'settings.change': endpoint<Settings>().takes(SettingsChangeSchema),

  'profiles.save': endpoint<Profile>().takes(ProfileDraftSchema),
  'profiles.remove': endpoint<null>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  'profiles.setKey': endpoint<Profile>().takes(
    v.strictObject({ profileId: ProfileIdSchema, key: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4096)) }),
  ),
  'profiles.removeKey': endpoint<Profile>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  /** Asks the server for its models: proves address and key, costs nothing. */
  'profiles.check': endpoint<ProfileCheck>().takes(v.strictObject({ profileId: ProfileIdSchema })),

  /** Records the intent, queues the job and answers at once. */
  'jobs.create': endpoint<Job>().takes(JobRequestSchema),
  /**
   * Jobs that wait or run, and those not yet dismissed that failed, were interrupted, or were stopped after something had come of them
   * (perhaps a bill, partial images, pictures). Oldest first.
   */
  'jobs.list': endpoint<Job[]>().takes(nothing),
  'jobs.cancel': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),
  'jobs.dismiss': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),

  /** Newest first, by key. `search` matches words of the prompt. */
  'library.page': endpoint<PicturePage>().takes(
    v.strictObject({
      search: v.pipe(v.string(), v.maxLength(500)),
      after: v.nullable(PictureCursorSchema),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
    }),
  ),
  'library.picture': endpoint<PictureRecord>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** The newest clicks that left pictures, each with all of them. */
  'library.runs': endpoint<Run[]>().takes(
    v.strictObject({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) }),
  ),
} as const;

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
/** What a caller passes. */
export type PayloadInput<N extends EndpointName> = v.InferInput<Endpoints[N]['payload']>;
/** What a handler receives after validation. */
export type Payload<N extends EndpointName> = v.InferOutput<Endpoints[N]['payload']>;
export type Result<N extends EndpointName> = Endpoints[N] extends Endpoint<v.GenericSchema, infer R> ? R : never;

export function isEndpointName(name: string): name is EndpointName {
  return Object.hasOwn(ENDPOINTS, name);
}
