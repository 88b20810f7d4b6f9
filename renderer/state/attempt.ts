import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';

/**
 * Runs an action that may fail.
 * @returns null on success, otherwise the error to show
 */
export async function attempt(action: () => Promise<unknown>): Promise<ErrorReport | null> {
  try {
    await action();
    return null;
  } catch (thrown) {
    return toErrorReport(thrown);
  }
}
