import { v7 as newId } from 'uuid';
import type { RunId } from '../../contract/entities/ids.ts';
import { listQuarantine } from '../../library/quarantine/list-quarantine.ts';
import { removeQuarantined } from '../../library/quarantine/remove-quarantined.ts';
import { restoreQuarantined } from '../../library/quarantine/restore-quarantined.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function quarantineHandlers({ library, emit, log }: HandlerContext): HandlerGroup<'quarantine'> {
  const { folder } = library;
  return {
    'quarantine.list': (page) => listQuarantine(folder, page),
    'quarantine.restore': ({ id }) =>
      restoreQuarantined({
        library,
        id,
        runId: newId() as RunId,
        added: () => emit({ type: 'library' }),
        failed: (thrown) => log('A restored file left something undone', thrown),
      }),
    async 'quarantine.remove'({ id }) {
      await removeQuarantined(folder, id);
      return null;
    },
  };
}
