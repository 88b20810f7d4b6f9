import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ClientDisconnected, ApiError } from './api-error.ts';

/** An uploaded file, stored on disk. */
export interface Upload {
  field: string;
  path: string;
  bytes: number;
}

export interface Form {
  fields: [name: string, value: string][];
  files: Upload[];
}

const MEGABYTE = 1024 * 1024;
/** 16 images, a mask, a markup, and one more, so that a 17th image is detected and rejected. */
const LIMITS = {
  fileSize: 50 * MEGABYTE,
  files: 19,
  fields: 64,
  fieldSize: MEGABYTE,
  parts: 90,
  headerPairs: 64,
  headerSize: 8192,
};
const MAX_FORM_BYTES = 860 * MEGABYTE;

/**
 * Reads a multipart form: text into memory, files to `folder`, at most 50 MB each. The rest of a form that exceeds a limit is read and
 * discarded, so the client receives the error: 413 for size, 400 for an invalid form.
 * @throws ClientDisconnected
 */
export async function readForm(request: IncomingMessage, folder: string): Promise<Form> {
  const form: Form = { fields: [], files: [] };
  const written: Promise<void>[] = [];
  const first: { fault: ApiError | null } = { fault: null };
  const refuse = (refusal: ApiError): void => void (first.fault ??= refusal);
  const parser = openParser(request);

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut)
      refuse(new ApiError(413, `The field '${name.slice(0, 40)}' is too long.`, { code: 'request_too_large' }));
    else form.fields.push([name, value]);
  });
  parser.on('file', (field: string, file: BusboyFileStream) => {
    const upload: Upload = { field, path: join(folder, String(written.length)), bytes: 0 };
    written.push(
      pipeline(file, createWriteStream(upload.path)).then(
        () => {
          upload.bytes = file.bytesRead;
          if (file.truncated)
            refuse(new ApiError(413, `'${field}' is larger than 50 MB.`, { code: 'image_too_large', param: field }));
          else form.files.push(upload);
        },
        (cause: unknown) => refuse(new ApiError(400, 'A file of the form ended early.', { param: field, cause })),
      ),
    );
  });
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    parser.on(event, () =>
      refuse(new ApiError(400, 'The form has too many parts. An edit takes up to 16 images.', { param: 'image' })),
    );
  }
  try {
    await drain(request, parser);
  } catch (thrown) {
    if (thrown instanceof ClientDisconnected) throw thrown;
    refuse(
      thrown instanceof ApiError
        ? thrown
        : new ApiError(400, 'We could not read the form of your request.', { cause: thrown }),
    );
  }
  await Promise.all(written);
  if (first.fault) throw first.fault;
  return form;
}

function openParser(request: IncomingMessage) {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS });
  } catch (cause) {
    request.resume();
    throw new ApiError(400, 'This endpoint takes multipart/form-data.', { code: 'invalid_content_type', cause });
  }
}

/** Pipes the request into the parser. Resolves when both are done; if the parser stops early, the rest is discarded. */
async function drain(request: IncomingMessage, parser: ReturnType<typeof openParser>): Promise<void> {
  let length = 0;
  const parsing = { over: false };
  const done = new Promise<void>((resolve, reject) => {
    parser.on('finish', resolve);
    parser.on('error', (error) => {
      parsing.over = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
  done.catch(() => undefined); // awaited below; until then an early error must not count as unhandled
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_FORM_BYTES) break;
      if (parsing.over || parser.write(chunk)) continue;
      await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), done]).catch(() => undefined);
    }
  } catch (cause) {
    parser.destroy();
    throw new ClientDisconnected('The request ended early.', { cause });
  }
  if (length > MAX_FORM_BYTES) {
    parser.destroy();
    throw new ApiError(413, 'The form is too large.', { code: 'request_too_large', headers: { connection: 'close' } });
  }
  if (!parsing.over) parser.end();
  await done;
}
