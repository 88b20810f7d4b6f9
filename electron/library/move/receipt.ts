import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** In a whole copy: of which library it is one. It is for this folder only, and no part of the library. */
export const RECEIPT = 'library.copied.json';

const ReceiptSchema = v.object({
  kind: v.literal('emulsion-copied'),
  version: v.literal(1),
  /** Real paths of the copied library and of the copy. */
  source: v.string(),
  target: v.string(),
  /** What the library was when it was copied: see `fingerprint.ts`. */
  files: v.string(),
  rows: v.string(),
});
export type Receipt = v.InferOutput<typeof ReceiptSchema>;

/** Says in a proven copy of which library it is one, durably. Blocks. @throws the system's error */
export function writeReceipt(receipt: Omit<Receipt, 'kind' | 'version'>): void {
  const text = JSON.stringify({ kind: 'emulsion-copied', version: 1, ...receipt });
  writeFileSync(join(receipt.target, RECEIPT), text, { flush: true });
}

/** Of which library the one in a folder is a proven copy; null for none, and where the folder was moved or copied since. */
export function readReceipt(folder: string): Receipt | null {
  try {
    const receipt = v.parse(ReceiptSchema, JSON.parse(readFileSync(join(folder, RECEIPT), 'utf8')));
    return receipt.target === realpathSync(folder) ? receipt : null;
  } catch {
    return null;
  }
}
