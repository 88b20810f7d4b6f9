import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import { usePrompt } from '../prompts/use-prompt.ts';
import { focusOn } from '../shared/keyboard/focus-targets.svelte.ts';
import type { AppContext } from '../state/app-context.ts';
import { formFromRecord } from '../state/request-from-record.ts';
import type { CommandId } from './commands.ts';

/** Puts an image's request, prompt or pixels into the form in Create. Nothing is sent; the form before can be restored there. */
export async function prepareInCreate(id: CommandId, record: ImageRecord, app: AppContext): Promise<void> {
  const { draft, preferences, prompts } = app.mirror;
  switch (id) {
    case 'use-prompt':
      usePrompt(app, record.prompt);
      return;
    case 'save-prompt':
      prompts.askToSave(record.prompt);
      return;
    case 'reuse':
      draft.replace(formFromRecord(record, preferences.settings?.profileId));
      break;
    case 'variation': {
      const { sha256 } = await app.studio.inputs.fromImage({ imageId: record.id });
      draft.begin([{ role: 'image', sha256, image: record.id }], 'variation');
      break;
    }
    default:
      return;
  }
  app.route.go('create');
  focusOn('prompt');
}
