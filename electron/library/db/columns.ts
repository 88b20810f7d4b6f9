import { channel } from 'node:diagnostics_channel';
import * as v from 'valibot';
import {
  CreateParametersSchema,
  EditParametersSchema,
  VariationParametersSchema,
  type Operation,
} from '../../contract/catalogue/parameters.ts';
import { GenerationIdSchema, type GenerationId, type Timestamp } from '../../contract/entities/ids.ts';
import {
  ERROR_CODES,
  ErrorReportSchema,
  StudioError,
  toErrorReport,
  type Billing,
  type ErrorCode,
  type ErrorReport,
} from '../../contract/errors/errors.ts';

/*
 * JSON columns, and the values whose stored name differs from the name in code. A library outlives the application: columns are
 * validated when they are read, unknown keys are accepted and kept, and stored names never change.
 */

/** Where a value is stored. `row`: the row's id. */
export interface StoredAt {
  table: string;
  column: string;
  row: string;
}

/** Publishes a `StudioError` for each stored value that can't be read, once; the studio logs them. */
export const damagedColumns = channel('emulsion.library.damaged-column');
const published = new Set<string>();

/**
 * The value of a JSON column. Unknown keys are accepted and kept.
 * @throws StudioError `library-damaged`, naming table, column and row, if the text isn't JSON of this shape
 */
export function readJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  at: StoredAt,
): v.InferOutput<Schema> {
  return validate(schema, parse(text, at), at);
}

/** Like {@link readJson}, for a column that may be NULL. */
export function readNullableJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string | null,
  at: StoredAt,
): v.InferOutput<Schema> | null {
  return text === null ? null : readJson(schema, text, at);
}

/** Like {@link readJson}, but a damaged value is reported and replaced, where the rest of the row is worth more without it. */
export function readJsonOr<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  at: StoredAt,
  fallback: v.InferOutput<Schema>,
): v.InferOutput<Schema> {
  try {
    return readJson(schema, text, at);
  } catch (thrown) {
    report(thrown);
    return fallback;
  }
}

/** Reads rows one by one. A row with a damaged column is reported and left out, so that it doesn't hide the others. */
export function readRows<Row, Value>(rows: readonly Row[], read: (row: Row) => Value): Value[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (thrown) {
      report(thrown);
      return [];
    }
  });
}

/** @throws what isn't a damaged column */
function report(thrown: unknown): void {
  if (!(thrown instanceof StudioError) || thrown.code !== 'library-damaged') throw thrown;
  if (published.has(thrown.message)) return;
  published.add(thrown.message);
  damagedColumns.publish(thrown);
}

function parse(text: string, at: StoredAt): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw damaged(at, thrown);
  }
}

function validate<Schema extends v.GenericSchema>(schema: Schema, value: unknown, at: StoredAt): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  if (result.issues.every(isUnknownKey)) return value;
  throw damaged(at, new v.ValiError(result.issues));
}

/** Valibot expects `never` for a key that a strict object doesn't have, and the key's name for one that is missing. */
function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

function damaged({ table, column, row }: StoredAt, cause: unknown): StudioError {
  const message = `A value in the library’s database can’t be read (table ${table}, column ${column}, row ${row}). Image files aren’t affected. Make a copy of the library folder and report this.`;
  return new StudioError({ code: 'library-damaged', message }, { cause });
}

/** The schema of a request's parameters. */
export const PARAMETERS: Readonly<
  Record<Operation, typeof CreateParametersSchema | typeof EditParametersSchema | typeof VariationParametersSchema>
> = {
  create: CreateParametersSchema,
  edit: EditParametersSchema,
  variation: VariationParametersSchema,
};

// ---------------------------------------------------------------- errors

/** Error codes whose stored name differs. */
const STORED_CODES = { 'image-undecodable': 'picture-undecodable' } as const satisfies Partial<
  Record<ErrorCode, string>
>;

/** The present name of a stored error code. */
export function codeFromStored(code: string): ErrorCode {
  const renamed = Object.entries(STORED_CODES).find(([, stored]) => stored === code)?.[0] ?? code;
  return ERROR_CODES.find((known) => known === renamed) ?? 'internal';
}

const StoredReportSchema = v.looseObject({ ...ErrorReportSchema.entries, code: v.string() });
export type StoredError = v.InferInput<typeof StoredReportSchema>;

function errorFromStored(stored: StoredError): ErrorReport {
  return { ...stored, code: codeFromStored(stored.code) };
}

/** An error report as sidecars store it. */
export const StoredErrorSchema = v.pipe(StoredReportSchema, v.transform(errorFromStored));

/** An error report under its stored names. */
export function toStoredError(error: ErrorReport): StoredError {
  const { code } = error;
  return { ...error, code: code in STORED_CODES ? STORED_CODES[code as keyof typeof STORED_CODES] : code };
}

/** The text of an error column; null for no error. */
export function errorToJson(error: ErrorReport | null): string | null {
  return error && JSON.stringify(toStoredError(error));
}

/**
 * The error in an error column. A damaged one is replaced by an error that says so, with the billing of its row, so that nothing
 * unknown is hidden or reported as free.
 */
export function errorFromJson(text: string | null, at: StoredAt, billing: Billing = 'possible'): ErrorReport | null {
  if (text === null) return null;
  try {
    return errorFromStored(readJson(StoredReportSchema, text, at));
  } catch (thrown) {
    report(thrown);
    return { ...toErrorReport(thrown), billing };
  }
}

// ---------------------------------------------------------------- pending saves

/** What a received file is saved as. An image is stored as `picture`. */
const PendingSaveTargetSchema = v.variant('kind', [
  v.looseObject({
    kind: v.literal('picture'),
    generationId: GenerationIdSchema,
    position: v.number(),
    revisedPrompt: v.nullable(v.string()),
    at: v.number(),
  }),
  v.looseObject({ kind: v.literal('partial'), generationId: GenerationIdSchema, index: v.number(), at: v.number() }),
  v.looseObject({ kind: v.literal('input') }),
]);

/** What a file is saved as. An input, unlike a received image, isn't saved later: whoever added it still has it. */
export type PendingSaveTarget = ReceivedTarget | { kind: 'input' };

/** What a received file is saved as. */
export type ReceivedTarget =
  | { kind: 'image'; generationId: GenerationId; position: number; revisedPrompt: string | null; at: Timestamp }
  | { kind: 'partial'; generationId: GenerationId; index: number; at: Timestamp };

/** @throws StudioError `library-damaged` */
export function pendingSaveTargetFromJson(text: string, file: string): PendingSaveTarget {
  const stored = readJson(PendingSaveTargetSchema, text, { table: 'landings', column: 'target', row: file });
  return stored.kind === 'picture' ? { ...stored, kind: 'image' } : stored;
}

export function pendingSaveTargetToJson(target: PendingSaveTarget): string {
  return JSON.stringify(target.kind === 'image' ? { ...target, kind: 'picture' } : target);
}
