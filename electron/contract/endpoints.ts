import * as v from 'valibot';
import { BatchRequestSchema, type Batch } from './rules/batch.ts';
import type { SelectionSummary, Tag } from './entities/annotations.ts';
import { ChangeCursorSchema, EditSchema, type Change, type ChangePage, type TrashTotals } from './entities/changes.ts';
import { FINDINGS, REPAIRS, type FindingsPage } from './entities/checks.ts';
import type { Collection } from './entities/collections.ts';
import type { DuplicatePage, DuplicateSearch } from './entities/duplicates.ts';
import type { ResponseHead } from './entities/generations.ts';
import { ExportOptionsSchema, type ExportPreview } from './entities/exports.ts';
import type { HostInfo, LogExcerpt } from './entities/host.ts';
import {
  BatchIdSchema,
  ChangeIdSchema,
  CollectionIdSchema,
  DraftIdSchema,
  GenerationIdSchema,
  Sha256Schema,
  ImageIdSchema,
  JobIdSchema,
  ProfileIdSchema,
  RunIdSchema,
  SavedPromptIdSchema,
  TagIdSchema,
  type ImageId,
} from './entities/ids.ts';
import type { ImageRecord } from './entities/image-records.ts';
import type { Image, NewestImages } from './entities/images.ts';
import { IMPORT_PROBLEMS, ImportChoiceSchema, type FileTexts, type RefusedPage } from './entities/imports.ts';
import type { InputImage } from './entities/inputs.ts';
import {
  FinishedCursorSchema,
  JobCursorSchema,
  type FinishedPage,
  type Job,
  type JobPage,
  type RecentJob,
} from './entities/jobs.ts';
import { ProfileDraftSchema, type Profile, type ProfileCheck } from './entities/profiles.ts';
import { QuarantineIdSchema, type QuarantinePage, type Restored } from './entities/quarantine.ts';
import { MAX_QUERY_LENGTH } from './entities/query.ts';
import type { QueueState } from './entities/queue.ts';
import { JobRequestSchema } from './entities/requests.ts';
import { CertificateFileSchema } from './entities/certificates.ts';
import {
  SavedPromptNameSchema,
  SavedPromptTagsSchema,
  SavedPromptTextSchema,
  type PromptVersion,
  type SavedPrompt,
  type UsedPrompt,
} from './entities/saved-prompts.ts';
import {
  SelectionSchema,
  ViewIdSchema,
  ViewQuestionSchema,
  type Facets,
  type Family,
  type GridImage,
  type IndexStatus,
  type Positions,
  type View,
} from './entities/views.ts';
import type { Run } from './entities/runs.ts';
import type { FolderFindings, FormerLibrary, KnownLibrary } from './entities/libraries.ts';
import { MirrorFolderSchema } from './entities/mirror-folder.ts';
import { SettingsChangeSchema, type Settings } from './entities/settings.ts';
import type { TokenHistory } from './entities/money.ts';
import { DraftHeadSchema, StepsChangeSchema, StepsKeySchema, type StoredDraft } from './entities/drafts.ts';
import { FramingSchema, MaskFittingSchema, InputPreparationSchema } from './entities/input-preparation.ts';
import { StrictMaskOptionsSchema } from './entities/strict-mask.ts';
import type { ProbeReport } from './catalogue/servers.ts';
import type { Snapshot } from './entities/snapshots.ts';
import { TimeSpanSchema, SpendingCursorSchema, type Spending, type SpendingPage } from './entities/spending.ts';

/** An endpoint: its payload schema, checked once in dispatch, and its result. */
export interface Endpoint<Payload extends v.GenericSchema, Result> {
  payload: Payload;
  /** Carries the result's type only; never read. */
  result?: Result;
}

const endpoint = <Result>() => ({
  takes: <Payload extends v.GenericSchema>(payload: Payload): Endpoint<Payload, Result> => ({ payload }),
});
const noPayload = v.strictObject({});
const collectionName = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120));
const queryText = v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH));
const position = v.pipe(v.number(), v.integer(), v.minValue(0));
const folderPath = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4096));
const pageLimit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500));

/** All endpoints by name. Handlers, transports and the API are derived from this table. */
export const ENDPOINTS = {
  'host.info': endpoint<HostInfo>().takes(noPayload),
  /** Shows an image's file in the system's file manager: the masked result if there is one, or with `raw` the original response. */
  'host.reveal': endpoint<null>().takes(
    v.strictObject({ imageId: ImageIdSchema, raw: v.optional(v.boolean(), false) }),
  ),
  /** Shows a dialog to choose a folder for a library; null if cancelled. Nothing is opened. @throws `unsupported-here` */
  'host.chooseLibrary': endpoint<FolderFindings | null>().takes(noPayload),
  /** Shows a dialog to choose files, or a folder, to import; null if cancelled. @throws `unsupported-here` */
  'host.chooseImport': endpoint<{ paths: string[] } | null>().takes(
    v.strictObject({ what: v.picklist(['files', 'folder']) }),
  ),
  /** Shows a dialog to choose the folder of an export, or a mirror folder; null if cancelled. @throws `unsupported-here` */
  'host.chooseExportFolder': endpoint<{ folder: string } | null>().takes(noPayload),

  /** Shows the log file in the system's file manager. @throws `unsupported-here` if there is none */
  'host.revealLog': endpoint<null>().takes(noPayload),
  /** The log file's path and its last lines, oldest first. */
  'host.getLog': endpoint<LogExcerpt>().takes(noPayload),
  /** Diagnostic information as text. Contains no key, prompt or password. */
  'host.getDiagnostics': endpoint<{ text: string }>().takes(noPayload),

  /** Libraries that were open before, the newest first, without the open one. */
  'libraries.list': endpoint<KnownLibrary[]>().takes(noPayload),
  /** What is in a folder in which a library is to be opened or created. @throws `parameter-invalid` for a path that isn't absolute */
  'libraries.inspect': endpoint<FolderFindings>().takes(v.strictObject({ folder: folderPath })),
  /**
   * Opens the library in a folder in place of the present one, now and at the next start; with `create`, creates it where there is none.
   * A `library-opened` event follows. If it can't be opened, the present one stays open.
   */
  'libraries.open': endpoint<null>().takes(
    v.strictObject({ folder: folderPath, create: v.optional(v.boolean(), false) }),
  ),
  /**
   * Closes the open library, makes its database again from its records and opens it: see `rebuild-library.ts`. A `library-opened` event follows,
   * also when it failed or was cancelled: the old database is in its place then.
   */
  'libraries.rebuild': endpoint<null>().takes(v.strictObject({ runId: RunIdSchema })),
  /** Takes a library out of the list. Nothing in its folder changes. */
  'libraries.forget': endpoint<null>().takes(v.strictObject({ folder: folderPath })),

  'settings.get': endpoint<Settings>().takes(noPayload),
  'settings.change': endpoint<Settings>().takes(SettingsChangeSchema),
  /** Trusts the certificates of a file besides the system's. @throws `profile-invalid` with field `certificates` */
  'settings.trustCertificates': endpoint<Settings>().takes(CertificateFileSchema),
  /** Imports images that come into a folder from now on; null: none. @throws `parameter-invalid` for a path that isn't a folder's */
  'settings.watchFolder': endpoint<Settings>().takes(v.strictObject({ folder: v.nullable(folderPath) })),
  'settings.removeCertificates': endpoint<Settings>().takes(noPayload),
  /** The person has read what was damaged in the settings. */
  'settings.dismissDamage': endpoint<Settings>().takes(noPayload),
  /** The person has read which image files the library doesn't list. They stay where they are. */
  'settings.dismissUnlisted': endpoint<Settings>().takes(noPayload),
  /** The person has read that the library's folder is a synced or network one. Nothing if it isn't, or isn't known to be. */
  'settings.dismissShared': endpoint<Settings>().takes(noPayload),

  /** Copies every image to a folder, now and as it arrives; null: to none. @throws `parameter-invalid` for a folder in which it can't be */
  'mirrorFolder.set': endpoint<Settings>().takes(v.strictObject({ mirror: v.nullable(MirrorFolderSchema) })),
  /** Holds the copying, also over a restart, or resumes it. */
  'mirrorFolder.pause': endpoint<Settings>().takes(v.strictObject({ paused: v.boolean() })),
  /** Copies images again whose copies aren't in the mirror folder any more. */
  'mirrorFolder.copyMissing': endpoint<null>().takes(noPayload),

  'profiles.save': endpoint<Profile>().takes(ProfileDraftSchema),
  'profiles.remove': endpoint<null>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  'profiles.setKey': endpoint<Profile>().takes(
    v.strictObject({ profileId: ProfileIdSchema, key: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4096)) }),
  ),
  'profiles.removeKey': endpoint<Profile>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  /** Requests the server's list of models, which verifies URL and key and costs nothing. */
  'profiles.check': endpoint<ProfileCheck>().takes(v.strictObject({ profileId: ProfileIdSchema })),

  /**
   * Probes what a server supports. Without `spend` only with free requests; with it, creates one small image to check streaming and
   * usage figures. Findings are sent as `probe` events; the report is stored with the profile. `imageJobId` is chosen by the caller: a
   * repeated call with the same one uses that image and sends no second request.
   */
  'profiles.probe': endpoint<ProbeReport>().takes(
    v.strictObject({
      profileId: ProfileIdSchema,
      spend: v.boolean(),
      overCap: v.optional(v.boolean(), false),
      imageJobId: v.optional(JobIdSchema),
    }),
  ),

  /**
   * Records and queues the job, and returns immediately. The caller chooses the id: a repeated call with the same id returns the
   * existing job and sends nothing.
   * @throws `cap-reached` if the job could exceed the monthly cap, unless `overCap` says that the person confirmed
   */
  'jobs.create': endpoint<Job>().takes(
    v.strictObject({ id: JobIdSchema, request: JobRequestSchema, overCap: v.optional(v.boolean(), false) }),
  ),
  /** Like `jobs.create` for every combination of a batch; all or none. */
  'jobs.createBatch': endpoint<Batch>().takes(
    v.strictObject({ id: BatchIdSchema, batch: BatchRequestSchema, overCap: v.optional(v.boolean(), false) }),
  ),
  /** A job in any state; null if the library has none with this id, and none is being created under it. */
  'jobs.get': endpoint<Job | null>().takes(v.strictObject({ jobId: JobIdSchema })),
  'jobs.getBatch': endpoint<Batch>().takes(v.strictObject({ batchId: BatchIdSchema })),
  /**
   * Queued and running jobs, and undismissed jobs that failed, were interrupted, or were cancelled with a result (a possible bill,
   * partial images, images). Oldest first. Only the newest of the finished ones; `jobs.history` has all.
   */
  'jobs.list': endpoint<Job[]>().takes(noPayload),
  'jobs.cancel': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),
  /** The responses to a job's requests, in the order of the requests; those that were never sent are left out. */
  'jobs.listResponses': endpoint<ResponseHead[]>().takes(v.strictObject({ jobId: JobIdSchema })),
  /** Saves a job's images that were received but couldn't be saved. Sends nothing. @throws `disk-full`, `disk-unwritable` and others */
  'jobs.saveAgain': endpoint<Job>().takes(v.strictObject({ jobId: JobIdSchema })),
  'jobs.dismiss': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),

  /** Jobs that ended at `since` (ms since 1970) or later, whenever they were created; dismissed or not, latest end first. */
  'jobs.finished': endpoint<FinishedPage>().takes(
    v.strictObject({ since: v.number(), after: v.nullable(FinishedCursorSchema), limit: pageLimit }),
  ),
  /** Finished jobs, dismissed or not, newest first. */
  'jobs.history': endpoint<JobPage>().takes(v.strictObject({ after: v.nullable(JobCursorSchema), limit: pageLimit })),
  /** Moves a queued job before another one, or to the end (null). Does nothing if the job is no longer queued. */
  'jobs.move': endpoint<QueueState>().takes(v.strictObject({ jobId: JobIdSchema, before: v.nullable(JobIdSchema) })),

  'queue.get': endpoint<QueueState>().takes(noPayload),
  /** Checks now whether the library can keep answers again; if so, sending resumes. */
  'queue.checkStorage': endpoint<QueueState>().takes(noPayload),
  /** Ends a profile's rate-limit hold: its requests are sent again now. */
  'queue.tryNow': endpoint<QueueState>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  /** Stops all queued requests of a rate-limited profile; none is sent. */
  'queue.stopHeld': endpoint<QueueState>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  'queue.setPaused': endpoint<QueueState>().takes(v.strictObject({ paused: v.boolean() })),

  /** A library image as an input: the masked result if there is one, or with `raw` the original response. */
  'inputs.fromImage': endpoint<InputImage>().takes(
    v.strictObject({ imageId: ImageIdSchema, raw: v.optional(v.boolean(), false) }),
  ),
  /** Existing inputs by hash; missing ones are omitted. */
  'inputs.get': endpoint<InputImage[]>().takes(
    v.strictObject({ inputs: v.pipe(v.array(Sha256Schema), v.maxLength(64)) }),
  ),
  /** Creates a changed copy of an input and describes the changes. */
  'inputs.prepare': endpoint<InputImage>().takes(InputPreparationSchema),
  'inputs.fitMask': endpoint<InputImage>().takes(MaskFittingSchema),
  /** Crops an image to a frame that may extend beyond it. */
  'inputs.frame': endpoint<InputImage>().takes(FramingSchema),

  /** Canvas drafts, last changed first. */
  'drafts.list': endpoint<StoredDraft[]>().takes(noPayload),
  /** Creates or updates a draft. Its steps are saved separately. */
  'drafts.save': endpoint<StoredDraft>().takes(DraftHeadSchema),
  /** Removes a draft and its steps. Images created from it stay in the library. */
  'drafts.remove': endpoint<null>().takes(v.strictObject({ draftId: DraftIdSchema })),
  'drafts.getSteps': endpoint<string[]>().takes(StepsKeySchema),
  /** @throws `not-found` for an unknown draft; `bad-payload` if there are fewer steps than `from` */
  'drafts.saveSteps': endpoint<null>().takes(StepsChangeSchema),
  /** All jobs sent from a draft, oldest first, in any state. */
  'drafts.listJobs': endpoint<Job[]>().takes(v.strictObject({ draftId: DraftIdSchema })),

  /**
   * Composites a response over its first input with the given feather, for example after a failure; an existing result with that feather
   * is kept. Returns the image even if it fails: `strict` has the reason.
   * @throws `input-invalid` for an image created without a mask; the failure itself if an older result exists, which is kept
   */
  'strict.apply': endpoint<Image>().takes(v.strictObject({ imageId: ImageIdSchema, options: StrictMaskOptionsSchema })),

  /** Tokens used by a model's newest requests, for estimates. */
  'spending.tokenHistory': endpoint<TokenHistory>().takes(
    v.strictObject({ model: v.pipe(v.string(), v.maxLength(256)) }),
  ),
  /** `steps`: start of each bar of the chart, in milliseconds since 1970, ascending; the last bar ends with the span. */
  'spending.get': endpoint<Spending>().takes(
    v.strictObject({ span: TimeSpanSchema, steps: v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(400)) }),
  ),
  'spending.lines': endpoint<SpendingPage>().takes(
    v.strictObject({ span: TimeSpanSchema, after: v.nullable(SpendingCursorSchema), limit: pageLimit }),
  ),

  /** In their order; those below others after them. */
  'collections.list': endpoint<Collection[]>().takes(noPayload),
  /** Creates a collection. If the name exists (ignoring case), that one is returned. @throws `parameter-invalid` for a parent below another */
  'collections.create': endpoint<Collection>().takes(
    v.strictObject({
      name: collectionName,
      parentId: v.optional(v.nullable(CollectionIdSchema), null),
      query: v.optional(v.nullable(queryText), null),
    }),
  ),
  /** Changes what is given. `before`: the collection it is put before, among those of its parent; null: at the end. */
  'collections.change': endpoint<Collection>().takes(
    v.strictObject({
      id: ChangeIdSchema,
      collectionId: CollectionIdSchema,
      name: v.optional(collectionName),
      parentId: v.optional(v.nullable(CollectionIdSchema)),
      coverId: v.optional(v.nullable(ImageIdSchema)),
      query: v.optional(v.nullable(queryText)),
      before: v.optional(v.nullable(CollectionIdSchema)),
    }),
  ),
  /** Removes a collection; its images stay in the library, and collections below it move up. */
  'collections.remove': endpoint<Change>().takes(
    v.strictObject({ id: ChangeIdSchema, collectionId: CollectionIdSchema }),
  ),
  /** All tags, by path. Those that change tags resolve with the change, which goes on where many images have the tag. */
  'tags.list': endpoint<Tag[]>().takes(noPayload),
  /** @throws `parameter-invalid` if there is a tag of that name beside it: merging is offered instead */
  'tags.rename': endpoint<Change>().takes(
    v.strictObject({
      id: ChangeIdSchema,
      tagId: TagIdSchema,
      name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120)),
    }),
  ),
  /** Puts a tag below another one, or at the top (null). */
  'tags.move': endpoint<Change>().takes(
    v.strictObject({ id: ChangeIdSchema, tagId: TagIdSchema, parentId: v.nullable(TagIdSchema) }),
  ),
  /** Gives all images of a tag another one in its place; tags below it move along. */
  'tags.merge': endpoint<Change>().takes(v.strictObject({ id: ChangeIdSchema, tagId: TagIdSchema, into: TagIdSchema })),
  /** Takes a tag, and all below it, from all images. */
  'tags.remove': endpoint<Change>().takes(v.strictObject({ id: ChangeIdSchema, tagId: TagIdSchema })),

  /**
   * Applies an edit to all images of a selection and journals it. Up to 200 images are done when it resolves; for more, `change` events tell
   * the progress. A repeated call with the same id returns the existing change.
   * @throws `not-found` for a collection that is gone; `index-loading` for a selection of a view before the index is ready
   */
  'changes.apply': endpoint<Change>().takes(
    v.strictObject({ id: ChangeIdSchema, selection: SelectionSchema, edit: EditSchema }),
  ),
  /** Stops a change that is being applied and reverts it. */
  'changes.cancel': endpoint<Change>().takes(v.strictObject({ id: ChangeIdSchema })),
  /** Reverts a change. @throws `not-found`; `parameter-invalid` if it can't be undone: its images were deleted for good */
  'changes.undo': endpoint<Change>().takes(v.strictObject({ id: ChangeIdSchema })),
  /** Applies an undone change again. */
  'changes.redo': endpoint<Change>().takes(v.strictObject({ id: ChangeIdSchema })),
  'changes.list': endpoint<ChangePage>().takes(
    v.strictObject({ after: v.nullable(ChangeCursorSchema), limit: pageLimit }),
  ),
  /** What an export of a selection would be of. */
  'exports.preview': endpoint<ExportPreview>().takes(v.strictObject({ selection: SelectionSchema })),
  /**
   * How many images of a selection have Content Credentials (C2PA). Files that weren't looked at before are read, so it may take a while; null if
   * that was stopped by a later call. A selection of null only stops it.
   */
  'exports.countSigned': endpoint<number | null>().takes(v.strictObject({ selection: v.nullable(SelectionSchema) })),
  /**
   * Exports images to a folder: a run of the kind `export`. Files that are there already stay; what is being written has a temporary name.
   * @throws `parameter-invalid` for a path that isn't an existing folder outside the library
   */
  'exports.start': endpoint<Run>().takes(
    v.strictObject({ id: RunIdSchema, selection: SelectionSchema, options: ExportOptionsSchema }),
  ),
  /** Shows what the last export has written in the system's file manager. @throws `not-found`, `unsupported-here` */
  'exports.reveal': endpoint<null>().takes(v.strictObject({ runId: RunIdSchema })),

  /** Long work on the library: what goes on, and the last one of each kind that has ended and wasn't dismissed. */
  'runs.list': endpoint<Run[]>().takes(noPayload),
  /** Resolves when it has ended. */
  'runs.cancel': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema })),
  'runs.pause': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema })),
  'runs.resume': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema })),
  'runs.dismiss': endpoint<null>().takes(v.strictObject({ runId: RunIdSchema })),

  /**
   * Looks at what was chosen to import, and changes nothing: a run of the kind `scan`, whose result is the report.
   * @throws `parameter-invalid` while another scan runs, or for a path that isn't absolute
   */
  'imports.scan': endpoint<Run>().takes(v.strictObject({ id: RunIdSchema, choice: ImportChoiceSchema })),
  /** Imports what a scan has found: a run of the kind `import`. @throws `not-found` if something else was scanned since */
  'imports.start': endpoint<Run>().takes(v.strictObject({ id: RunIdSchema, scanId: RunIdSchema })),
  /** Files that a scan or an import has refused, all or those with one problem. @throws `not-found` */
  'imports.refused': endpoint<RefusedPage>().takes(
    v.strictObject({
      runId: RunIdSchema,
      problem: v.nullable(v.picklist(IMPORT_PROBLEMS)),
      after: position,
      limit: pageLimit,
    }),
  ),
  /** The metadata of an image's original as texts, as they are in the file. @throws `not-found`, `file-missing` */
  'imports.texts': endpoint<FileTexts>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** Deletes files that were uploaded to be imported and aren't. */
  'imports.discard': endpoint<null>().takes(v.strictObject({ uploadId: v.pipe(v.string(), v.uuid()) })),

  /** Reads and hashes all originals, and compares them, records and thumbnails with the database. Changes nothing. */
  'check.start': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema })),
  /**
   * Repairs what the last check found, looking at each file again first: a run of the kind `repair`, whose result is how all repairs since that check
   * ended. Deletes nothing. @throws `not-found` if nothing was checked; `parameter-invalid` while a check or a repair runs
   */
  'check.repair': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema, repair: v.picklist(REPAIRS) })),
  /** Everything of one kind that the last check found, in parts. @throws `not-found` if nothing was checked */
  'check.findings': endpoint<FindingsPage>().takes(
    v.strictObject({
      kind: v.picklist(FINDINGS),
      after: position,
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2000)),
    }),
  ),

  /**
   * Copies the library to another folder, as it is now: a run of the kind `move`. What an interrupted one has copied isn't copied again.
   * @throws `parameter-invalid` for a path that isn't absolute, while requests go on, and while another copy is made
   */
  'libraries.copy': endpoint<Run>().takes(
    v.strictObject({ runId: RunIdSchema, folder: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096)) }),
  ),

  /** The folder of the library that the open one is a proven copy of, while the person hasn't decided about it; null for none. */
  'libraries.former': endpoint<FormerLibrary | null>().takes(noPayload),
  /**
   * Moves that folder to the system's trash, if nothing was added or changed in it since it was copied. Nothing is deleted.
   * @throws `parameter-invalid` if it isn't so, or while requests or long work go on; `library-locked`, `disk-unwritable`, `unsupported-here`
   */
  'libraries.trashFormer': endpoint<null>().takes(
    v.strictObject({ folder: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096)) }),
  ),
  /** The old folder stays, and isn't asked about again. */
  'libraries.keepFormer': endpoint<null>().takes(noPayload),

  /** The snapshots of the library's database, newest first. */
  'snapshots.list': endpoint<Snapshot[]>().takes(noPayload),
  /** Makes one: a run of the kind `snapshot`. @throws `parameter-invalid` while another is being made like this */
  'snapshots.make': endpoint<Run>().takes(v.strictObject({ runId: RunIdSchema })),
  /**
   * Puts a snapshot in the place of the database: the library is closed meanwhile, and pages start anew. What came since is taken in again from
   * its records; the replaced database is kept. It is a run of the kind `restore`, which can be cancelled until the snapshot takes the database's
   * place. A `library-opened` event follows, also when it failed or was cancelled. @throws `parameter-invalid` while requests or long work go on, `not-found`, `library-damaged`, `library-newer`
   */
  'snapshots.restore': endpoint<null>().takes(
    v.strictObject({ runId: RunIdSchema, name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)) }),
  ),

  /** Files of the quarantine, newest first, in parts. */
  'quarantine.list': endpoint<QuarantinePage>().takes(
    v.strictObject({ after: v.nullable(QuarantineIdSchema), limit: pageLimit }),
  ),
  /**
   * Takes a file out of the quarantine: to its place if it is a listed original that is missing or damaged, else as an imported image.
   * @throws `not-found`; `input-invalid` for what is no image, damaged, or in the library already: it stays
   */
  'quarantine.restore': endpoint<Restored>().takes(v.strictObject({ id: QuarantineIdSchema })),
  /** Deletes a file of the quarantine for good, and nothing else. @throws `not-found` */
  'quarantine.remove': endpoint<null>().takes(v.strictObject({ id: QuarantineIdSchema })),

  'trash.get': endpoint<TrashTotals>().takes(noPayload),

  /** The images that a query finds, in order. @throws `index-loading` until the index is ready: `library.newest` has what can be shown meanwhile */
  'views.ask': endpoint<View>().takes(v.strictObject({ question: ViewQuestionSchema })),
  /** Counts for the filter panel. @throws `view-expired` */
  'views.facets': endpoint<Facets>().takes(v.strictObject({ viewId: ViewIdSchema })),
  /** Images of a view by position, in its order; fewer than `count` at its end; null: deleted since. @throws `view-expired` */
  'views.rows': endpoint<(GridImage | null)[]>().takes(
    v.strictObject({ viewId: ViewIdSchema, from: position, count: pageLimit }),
  ),
  /** Where images are in a view. @throws `view-expired` */
  'views.positions': endpoint<Positions>().takes(
    v.strictObject({ viewId: ViewIdSchema, imageIds: v.pipe(v.array(ImageIdSchema), v.maxLength(1000)) }),
  ),
  /** The first images of a selection, in the view's order. */
  'views.selected': endpoint<ImageId[]>().takes(v.strictObject({ selection: SelectionSchema, limit: pageLimit })),
  /** What the images of a selection have in common, for bulk edits. */
  'views.summarize': endpoint<SelectionSummary>().takes(v.strictObject({ selection: SelectionSchema })),
  'views.status': endpoint<IndexStatus>().takes(noPayload),

  /** How far the search for near duplicates is. Starts one if there is none yet, or, unless one is running, with `again`. */
  'duplicates.search': endpoint<DuplicateSearch>().takes(v.strictObject({ again: v.boolean() })),
  /** Groups of the last search after one, as they are now; groups of which fewer than two images are left aren't among them. */
  'duplicates.groups': endpoint<DuplicatePage>().takes(
    v.strictObject({
      after: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(-1))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
    }),
  ),

  /** Saved prompts, last changed first. */
  'prompts.list': endpoint<SavedPrompt[]>().takes(noPayload),
  /** Creates a prompt, or changes it; a new text becomes a new version. */
  'prompts.save': endpoint<SavedPrompt>().takes(
    v.strictObject({
      promptId: SavedPromptIdSchema,
      name: SavedPromptNameSchema,
      tags: SavedPromptTagsSchema,
      text: SavedPromptTextSchema,
    }),
  ),
  'prompts.remove': endpoint<null>().takes(v.strictObject({ promptId: SavedPromptIdSchema })),
  /** Brings a removed prompt back. */
  'prompts.restore': endpoint<SavedPrompt>().takes(v.strictObject({ promptId: SavedPromptIdSchema })),
  /** Newest first. */
  'prompts.versions': endpoint<PromptVersion[]>().takes(v.strictObject({ promptId: SavedPromptIdSchema })),
  /** The prompts of recorded requests, last used first, each once; `search` finds words, folded as in the library. */
  'prompts.history': endpoint<{ prompts: UsedPrompt[]; next: number | null }>().takes(
    v.strictObject({
      search: v.pipe(v.string(), v.maxLength(500)),
      after: v.nullable(v.number()),
      limit: pageLimit,
    }),
  ),

  /** The server's complete response as JSON without the pixels: one document, or one per event of a stream. */
  'library.response': endpoint<{ documents: unknown[] }>().takes(v.strictObject({ generationId: GenerationIdSchema })),
  /** The text of an SVG, truncated to `longest` characters. */
  'library.svgSource': endpoint<{ text: string; cut: boolean }>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** The newest images, newest first: shown until the index is ready, which has all of them. */
  'library.newest': endpoint<NewestImages>().takes(v.strictObject({ limit: pageLimit })),
  /**
   * An image's relatives, as recorded, nearest first up to a limit: what it was made from, and what was made from it and from these.
   * @throws `not-found`
   */
  'library.family': endpoint<Family>().takes(v.strictObject({ imageId: ImageIdSchema })),
  'library.image': endpoint<ImageRecord>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /**
   * Forgets how often decoding an image failed and makes its thumbnails again, with the same limits. Resolves with the result: a flaw again, or
   * none. @throws `not-found`, `file-missing`, `disk-full`, `disk-unwritable`; `interrupted` if Emulsion closes: the next start tries
   */
  'library.retryThumbnail': endpoint<Image>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** The same for all images without thumbnails, in the background. Resolves at once with their number. */
  'library.retryThumbnails': endpoint<{ images: number }>().takes(noPayload),
  /** The newest jobs with images, each with all of them. */
  'library.recentJobs': endpoint<RecentJob[]>().takes(
    v.strictObject({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) }),
  ),
} as const;

type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
/** A payload before validation. */
export type PayloadInput<N extends EndpointName> = v.InferInput<Endpoints[N]['payload']>;
/** A payload after validation. */
export type Payload<N extends EndpointName> = v.InferOutput<Endpoints[N]['payload']>;
export type Result<N extends EndpointName> = Endpoints[N] extends Endpoint<v.GenericSchema, infer R> ? R : never;

export function isEndpointName(name: string): name is EndpointName {
  return Object.hasOwn(ENDPOINTS, name);
}
