import type { EstimateFacts } from '../../../electron/contract/costs/estimate.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { RequestDraft } from '../../state/request-form.ts';
import type { InputTray } from '../tray/InputTray.svelte.ts';

/** Where the controller's form and inputs come from: *Create* has one source, each draft of the canvas another. */
export interface RequestSource {
  /** The form, and the inputs that it and the tray had in common last. */
  draft: RequestDraft;
  tray: InputTray;
  /** Sent along with every request. */
  extras?(): Pick<JobRequest, 'canvas'>;
  /**
   * Called at a click, before the request is built: puts inputs that are made only then into the tray.
   * @returns false to send nothing, because it asks the person first or reports its own error
   */
  beforeSend?(): Promise<boolean>;
  /** Sizes of the inputs that will be sent, where the tray doesn't hold them yet. Read in a `$derived`. */
  inputSizes?(): EstimateFacts['inputs'];
  /** What is sent besides the form, as text: a click after a change of it is another request. */
  version?(): string;
  /** Called when the click has an outcome, if `beforeSend` returned true. */
  afterSend?(): void;
}
