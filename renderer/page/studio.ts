import {
  createStudioApi,
  type HostBridge,
  type ImportPart,
  type Outcome,
  type StudioApi,
  type Transport,
} from '../../electron/contract/api.ts';
import type { ErrorCode } from '../../electron/contract/errors/errors.ts';
import { MAX_UPLOAD_BYTES } from '../../electron/contract/rules/input-rules.ts';

declare global {
  interface Window {
    /** Set by the host before the page's script runs: by the desktop's preload or the loopback host's transport. */
    studio: HostBridge;
  }
}

/** The studio's API, on both hosts. */
export const studio: StudioApi = createStudioApi({
  call: (endpoint, payload) => window.studio.call(endpoint, payload),
  subscribe: (listener) => window.studio.subscribe(listener),
  upload: (file, name, options) => createUpload(window.studio)(file, name, options),
});

/** Headers that authenticate the page's own requests to its host. */
export const hostHeaders = (): HostBridge['uploadHeaders'] => window.studio.uploadHeaders;

/**
 * Uploads files to the page's host. `XMLHttpRequest`, because `fetch` has no upload progress. A file over the size limit isn't
 * sent.
 */
export function createUpload({ uploadHeaders }: Pick<HostBridge, 'uploadHeaders'>): Transport['upload'] {
  return (file, name, { signal, onProgress, part } = {}) =>
    new Promise((resolve, reject) => {
      if (!part && file.size > MAX_UPLOAD_BYTES) {
        resolve(errorOutcome('input-invalid', tooLarge(name)));
        return;
      }
      if (signal?.aborted) {
        reject(aborted());
        return;
      }
      const request = new XMLHttpRequest();
      const cancel = (): void => request.abort();
      request.open('POST', `/inputs?${new URLSearchParams({ name, ...(part && partFields(part)) })}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      for (const [header, value] of Object.entries(uploadHeaders)) request.setRequestHeader(header, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
      request.onload = () => resolve(asOutcome(request.responseText));
      request.onerror = () => resolve(errorOutcome('server-unreachable', UPLOAD_FAILED));
      request.onabort = () => reject(aborted());
      request.onloadend = () => signal?.removeEventListener('abort', cancel);
      signal?.addEventListener('abort', cancel);
      request.send(file);
    });
}

const partFields = ({ uploadId, modifiedAt }: ImportPart): Record<string, string> => ({
  import: uploadId,
  modified: String(Math.max(0, Math.round(modifiedAt))),
});

const UPLOAD_FAILED =
  'The image couldn’t be uploaded: its file may have changed, or Emulsion may have quit. Nothing was lost. Add it again.';

function tooLarge(name: string): string {
  return `${name} is larger than ${MAX_UPLOAD_BYTES / 1024 / 1024} MB. Make it smaller first.`;
}

function aborted(): DOMException {
  return new DOMException('The upload was cancelled.', 'AbortError');
}

function errorOutcome(code: ErrorCode, message: string): Outcome {
  return { error: { code, message, billing: 'none' } };
}

function asOutcome(text: string): Outcome {
  try {
    const outcome = JSON.parse(text) as Outcome;
    if ('ok' in outcome || 'error' in outcome) return outcome;
  } catch {
    // Not an outcome: reported below.
  }
  return errorOutcome('server-unreachable', UPLOAD_FAILED);
}
