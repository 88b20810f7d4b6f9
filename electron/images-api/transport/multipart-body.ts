import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { apiError } from '../errors/api-error.ts';
import type { FilePart, RequestBody } from '../request/build-request.ts';

/**
 * A `multipart/form-data` body (RFC 7578) as a blob whose type names its boundary. Values are sent byte for byte: a browser's FormData
 * would turn each line break of a prompt into CR LF. Files are read from disk while they are sent.
 * @throws StudioError `file-missing` if a file can't be opened
 */
export async function openMultipartBody({ fields, files }: Extract<RequestBody, { kind: 'multipart' }>): Promise<Blob> {
  const boundary = `----emulsion-${randomBytes(16).toString('hex')}`;
  const head = (name: string, more = ''): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${escapeQuoted(name)}"${more}\r\n\r\n`;
  const parts: (string | Blob)[] = fields.map(([name, value]) => `${head(name)}${value}\r\n`);
  for (const file of files) {
    const more = `; filename="${escapeQuoted(file.fileName)}"\r\nContent-Type: ${file.mediaType}`;
    parts.push(head(file.field, more), await openFile(file), '\r\n');
  }
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}

/** As the HTML standard escapes names in a multipart form. */
function escapeQuoted(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

async function openFile(file: FilePart): Promise<Blob> {
  if ('text' in file) return new Blob([file.text]);
  try {
    return await openAsBlob(file.path);
  } catch (error) {
    const detail = { kind: 'input-unreadable', name: file.fileName } as const;
    throw apiError({ code: 'file-missing', detail, billing: 'none' }, error);
  }
}
