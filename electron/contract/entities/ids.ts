import * as v from 'valibot';

/** Ids are UUIDv7, so sorting them sorts by creation time. Brands prevent mixing kinds of ids. */
const id = <const B extends string>(brand: B) => v.pipe(v.string(), v.uuid(), v.brand(brand));
export const JobIdSchema = id('JobId');
export const GenerationIdSchema = id('GenerationId');
export const ImageIdSchema = id('ImageId');
export const ImportIdSchema = id('ImportId');
export const CollectionIdSchema = id('CollectionId');
export const TagIdSchema = id('TagId');
/** A change of the library, chosen by the page: a repeated call doesn't change anything twice. */
export const ChangeIdSchema = id('ChangeId');
/** Long work on the library, chosen by the page: a repeated call doesn't start it twice. */
export const RunIdSchema = id('RunId');
export const SavedPromptIdSchema = id('SavedPromptId');
/** A batch of jobs created together. */
export const BatchIdSchema = id('BatchId');
/** A canvas draft. */
export const DraftIdSchema = id('DraftId');
/** An image of a draft's tree: `root`, or the id of an image created from it. */
export const NodeIdSchema = v.pipe(v.string(), v.regex(/^(?:root|[0-9a-f-]{36})$/u), v.brand('NodeId'));
/** `demo`, `environment`, or a UUID. */
export const ProfileIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u), v.brand('ProfileId'));

export type JobId = v.InferOutput<typeof JobIdSchema>;
export type GenerationId = v.InferOutput<typeof GenerationIdSchema>;
export type ImageId = v.InferOutput<typeof ImageIdSchema>;
export type ImportId = v.InferOutput<typeof ImportIdSchema>;
export type CollectionId = v.InferOutput<typeof CollectionIdSchema>;
export type TagId = v.InferOutput<typeof TagIdSchema>;
export type ChangeId = v.InferOutput<typeof ChangeIdSchema>;
export type RunId = v.InferOutput<typeof RunIdSchema>;
export type SavedPromptId = v.InferOutput<typeof SavedPromptIdSchema>;
export type BatchId = v.InferOutput<typeof BatchIdSchema>;
export type DraftId = v.InferOutput<typeof DraftIdSchema>;
export type NodeId = v.InferOutput<typeof NodeIdSchema>;
export type ProfileId = v.InferOutput<typeof ProfileIdSchema>;

/** Lower-case hexadecimal SHA-256 of an original's bytes: its name on disk. */
export const Sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u), v.brand('Sha256'));
export type Sha256 = v.InferOutput<typeof Sha256Schema>;

/** Milliseconds since 1970, UTC. */
export type Timestamp = number;
