import type { Rating, SelectionSummary } from '../../electron/contract/entities/annotations.ts';
import type { Edit } from '../../electron/contract/entities/changes.ts';
import type { Collection } from '../../electron/contract/entities/collections.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { LIKENESS_FIELDS, type LikenessField } from '../../electron/contract/entities/query.ts';
import { toasts } from '../shared/feedback/toasts.svelte.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import type { AppContext } from '../state/app-context.ts';
import { attempt } from '../state/attempt.ts';
import { imageFileName } from '../state/image-file-name.ts';
import { storedPanel } from '../state/viewer-panel.svelte.ts';
import { commandForKey, commandOf, MAX_SURVEYED, ratingOf, takes, type CommandId } from './commands.ts';
import { prepareInCreate } from './prepare-in-create.ts';
import { Retry } from './Retry.svelte.ts';
import type { Target } from './target.ts';

/** An editor that a command opens. */
export type EditorName = 'tags' | 'collections' | 'note' | 'delete';

export interface ActionsSource {
  app: AppContext;
  /** What commands are for; null for nothing. */
  target: () => Target | null;
  place: () => 'library' | 'trash';
  /** What the target has in common, as far as known. */
  summary?: () => SelectionSummary | null;
  /** The collection that is being looked at. */
  collection?: () => Collection | null;
  /** Opens an image; also called for one that is only looked at. */
  open?: (image: ImageId) => void;
  /** Before an editor opens: selects what has the focus, for example. */
  beforeEditor?: () => void;
}

/** Commands on a prompt, which variations don't have. */
const PROMPT_COMMANDS: readonly CommandId[] = ['copy-prompt', 'use-prompt', 'save-prompt', 'same-prompt'];

/** Performs commands on images. Nothing here sends a request: what would cost money is prepared in Create, or asked for by `retry`. */
export class ImageActions {
  /** The open editor. */
  editor = $state<EditorName | null>(null);
  readonly retry: Retry;
  readonly #source: ActionsSource;

  constructor(source: ActionsSource) {
    this.#source = source;
    const { mirror, route } = source.app;
    const action = { label: 'Show in Activity', run: () => route.go('activity') };
    this.retry = new Retry(mirror, () => toasts.show({ message: 'Sent as a new request.', action }));
  }

  get place(): 'library' | 'trash' {
    return this.#source.place();
  }

  get target(): Target | null {
    return this.#source.target();
  }

  get summary(): SelectionSummary | null {
    return this.#source.summary?.() ?? null;
  }

  /** Whether a command can be performed now. */
  can(id: CommandId): boolean {
    return this.offers(id) && this.#refused(id) === null;
  }

  /** Whether a command is for what is meant, also where the library refuses it: it is shown then, with {@link whyNot}. */
  offers(id: CommandId): boolean {
    const { target } = this;
    const { app } = this.#source;
    if (target === null || !takes(commandOf(id), target.count, this.place)) return false;
    if (id === 'open') return app.route.view !== 'viewer';
    if (id === 'reveal') return app.host.capabilities.revealInFolder;
    if (id === 'collection-cover' || id === 'uncollect') return this.#collection !== null;
    if (id === 'retry') return this.failedJob !== null;
    if (id === 'show-job') return target.image?.jobId != null;
    if (id === 'show-stack') return (target.image?.stack ?? 2) > 1;
    // A grid of single images doesn't know stacks, and a closed stack shows its cover already.
    if (id === 'cover') return target.image?.stack === undefined || this.#showsStack;
    if (PROMPT_COMMANDS.includes(id)) return target.image?.prompt !== '';
    return true;
  }

  /** The target's job, if it has requests that failed and can be retried. */
  get failedJob(): Job | null {
    const image = this.target?.image;
    return image ? this.retry.jobOf(image) : null;
  }

  /** Why the library refuses a command; null if it doesn't. */
  #refused(id: CommandId): string | null {
    const { calls } = commandOf(id);
    return calls === undefined ? null : this.#source.app.mirror.preferences.whyNot(calls);
  }

  /**
   * Why a command can't be performed, as a sentence for its button: the library can't be changed, or the number of images. Null where it can, or there
   * is another reason.
   */
  whyNot(id: CommandId): string | null {
    const refused = this.#refused(id);
    if (refused !== null) return refused;
    const count = this.target?.count ?? 0;
    const { least, most } = commandOf(id);
    if (count >= least && count <= most) return null;
    return least > 1 ? `Select ${least} to ${most} images` : `Select up to ${formatQuantity(most, 'image')}`;
  }

  /** The key of a command as it is shown: V compares two images, and surveys more. */
  shownKey(id: CommandId): string | undefined {
    if (this.can('compare') && (id === 'compare' || id === 'survey'))
      return id === 'compare' ? commandOf('survey').shown : undefined;
    return commandOf(id).shown;
  }

  /** Performs the command of a key. @returns whether there was one */
  onkey(event: KeyboardEvent): boolean {
    const asked = commandForKey(event, this.place);
    const id = asked === 'survey' && this.can('compare') ? 'compare' : asked;
    // V shows nothing else where it can't compare.
    const reason = id === 'survey' && this.target !== null ? this.whyNot(id) : null;
    if (reason !== null) toasts.show({ message: reason });
    if (id !== null && this.offers(id) && this.#refused(id) !== null) {
      // It means nothing else here, such as the beginning of a date to jump to.
      event.preventDefault();
      return true;
    }
    if (id === null || !this.can(id)) return reason !== null;
    event.preventDefault();
    void this.run(id);
    return true;
  }

  /** Performs a command on the target. */
  async run(id: CommandId): Promise<void> {
    const { target } = this;
    if (target === null || !this.can(id)) return;
    const rating = ratingOf(id);
    if (rating !== null) await this.apply({ kind: 'rate', rating });
    else await this.attempt(() => this.#perform(id, target));
  }

  /** Does what may fail, and says so if it does. Edits announce their own failures. */
  async attempt(act: () => Promise<void>): Promise<void> {
    const error = await attempt(act);
    if (error) toasts.show({ message: error.message });
  }

  /** Applies an edit to the target. */
  async apply(edit: Edit): Promise<void> {
    await this.begin()(edit);
  }

  /** Takes the target as it is now; what is returned applies an edit to it, also when another one is meant by then. */
  begin(): (edit: Edit) => Promise<void> {
    const { target } = this;
    if (target === null) return () => Promise.resolve();
    const selection = target.settle();
    // It may never be needed.
    selection.catch(() => undefined);
    return async (edit) => {
      await this.#source.app.mirror.library.changes.apply(selection, edit, target.shown);
    };
  }

  async #perform(id: CommandId, target: Target): Promise<void> {
    const { app } = this.#source;
    const { image } = target;
    switch (id) {
      case 'favourite':
        return this.apply({ kind: 'favourite', on: !this.isOn('favourite') });
      case 'reject':
        return this.apply({ kind: 'reject', on: !this.isOn('rejected') });
      case 'tag':
        this.#edit('tags');
        return;
      case 'collect-in':
        this.#edit('collections');
        return;
      case 'note':
        this.#edit('note');
        return;
      case 'delete':
        this.#edit('delete');
        return;
      case 'retry':
        if (this.failedJob) this.retry.ask(this.failedJob);
        return;
      case 'collect':
        return this.#collect();
      case 'cover':
      case 'trash':
      case 'restore':
        return this.apply({ kind: id });
      case 'uncollect':
        if (this.#collection)
          await this.apply({ kind: 'collect', collectionId: this.#collection.id, on: false, before: null });
        return;
      case 'cull':
        app.route.go('cull', target.count === 1 ? (image?.id ?? null) : null);
        return;
      case 'compare':
      case 'survey':
        return this.#compare(id, target);
      case 'download':
        return this.#download(target);
      case 'export':
        return app.mirror.exports.show(await target.settle());
      case 'copy-prompt':
        return navigator.clipboard.writeText(image?.prompt ?? '');
      case 'reveal':
        if (image) await app.studio.host.reveal({ imageId: image.id, raw: false });
        return;
      default:
        if (image) await this.#performOnOne(id, image.id);
    }
  }

  async #performOnOne(id: CommandId, imageId: ImageId): Promise<void> {
    const { app } = this.#source;
    const { question, changes } = app.mirror.library;
    switch (id) {
      case 'open':
        (this.#source.open ?? ((opened: ImageId) => app.route.go('viewer', opened)))(imageId);
        return;
      case 'show-family':
        Object.assign(storedPanel(), { open: true, tab: 'family' });
        (this.#source.open ?? ((opened: ImageId) => app.route.go('viewer', opened)))(imageId);
        return;
      case 'canvas':
        app.route.go('canvas', imageId);
        return;
      case 'similar':
      case 'near':
      case 'same-prompt':
        this.#find(id, imageId);
        return;
      case 'show-job':
      case 'show-stack': {
        const { jobId } = await this.#record(imageId);
        // The library may show one image for each job: then those are its stacks.
        question.show(id === 'show-job' || question.stacking === 'jobs' ? `job:${jobId}` : `stack:${imageId}`);
        app.route.go('library');
        return;
      }
      case 'collection-cover': {
        const collection = this.#collection;
        if (collection)
          await changes.perform('apply', (change) =>
            app.studio.collections.change({ id: change, collectionId: collection.id, coverId: imageId }),
          );
        return;
      }
      default:
        return prepareInCreate(id, await this.#record(imageId), app);
    }
  }

  #find(id: 'similar' | 'near' | 'same-prompt', image: ImageId): void {
    const { question } = this.#source.app.mirror.library;
    const field: LikenessField = id === 'same-prompt' ? 'prompt' : id;
    question.show('');
    if (LIKENESS_FIELDS.includes(field)) question.add({ field, image, not: false });
    this.#source.app.route.go('library');
  }

  /** Adds to the target collection; without one, the editor opens. Where all are in it already, they are taken out. */
  async #collect(): Promise<void> {
    const { target: collection } = this.#source.app.mirror.library.lists;
    if (collection === null) {
      this.#edit('collections');
      return;
    }
    const { summary, target } = this;
    const inside = summary?.collections.find(({ id }) => id === collection.id)?.images ?? 0;
    const all = target !== null && summary !== null && summary.images > 0 && inside === summary.images;
    await this.apply({ kind: 'collect', collectionId: collection.id, on: !all, before: null });
  }

  async #compare(id: 'compare' | 'survey', target: Target): Promise<void> {
    const { route } = this.#source.app;
    const ids = await this.#ids(target, MAX_SURVEYED);
    const [first, second] = ids;
    if (!first || !second) return;
    if (id === 'compare') route.go('compare', first, second);
    else route.go('survey', ids.join(','));
  }

  async #download(target: Target): Promise<void> {
    const { imageBase } = this.#source.app.host;
    for (const id of await this.#ids(target, 20)) {
      const link = document.createElement('a');
      link.href = `${imageBase}/original/${id}`;
      link.download = imageFileName(await this.#record(id));
      link.click();
    }
  }

  async #ids(target: Target, limit: number): Promise<ImageId[]> {
    if (target.imageIds !== null) return target.imageIds.slice(0, limit);
    return this.#source.app.studio.views.selected({ selection: await target.settle(), limit });
  }

  #edit(editor: EditorName): void {
    this.#source.beforeEditor?.();
    this.editor = editor;
  }

  #record(imageId: ImageId): Promise<ImageRecord> {
    return this.#source.app.studio.library.image({ imageId });
  }

  /** Whether the images of a stack or a job are looked at. */
  get #showsStack(): boolean {
    const { filters } = this.#source.app.mirror.library.question.query;
    return filters.some(({ field, not }) => (field === 'stack' || field === 'job') && !not);
  }

  get #collection(): Collection | null {
    return this.#source.collection?.() ?? null;
  }

  /** The rating that all images of the target have; null where they differ, or that isn't known. */
  get rating(): Rating | null {
    const { target, summary } = this;
    if (target?.count === 1 && target.image?.marks) return target.image.marks.rating;
    const common = summary?.ratings.findIndex((images) => images > 0 && images === summary.images) ?? -1;
    return common < 0 ? null : (common as Rating);
  }

  /** Whether all images of the target have a mark: then the command takes it away. */
  isOn(mark: 'favourite' | 'rejected'): boolean {
    const { target, summary } = this;
    if (target?.count === 1 && target.image?.marks) return target.image.marks[mark];
    if (!summary || summary.images === 0) return false;
    return (mark === 'favourite' ? summary.favourites : summary.rejected) === summary.images;
  }
}
