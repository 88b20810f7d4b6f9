import * as v from 'valibot';
import { JobIdSchema } from '../../electron/contract/entities/ids.ts';
import { shortHash } from './short-hash.ts';

/** Each submission has a key of its own, so that two tabs never overwrite each other's. */
const PREFIX = 'emulsion.submission.';

const RecordSchema = v.object({
  /** What the id stands for: a job, a batch, or the job of a server's test image. */
  kind: v.picklist(['job', 'batch', 'test-image']),
  /** Hash of what is sent, to recognise the same click. */
  key: v.string(),
  /** Hash of the library's folder: no other library knows the id. */
  library: v.string(),
  /** When it was sent last, ms since 1970. */
  at: v.pipe(v.number(), v.finite()),
  /** The failed job that it retries; dismissed once this one is accepted. */
  replaces: v.nullable(JobIdSchema),
});

/** What is kept of a click until it is known whether it became a job. Holds neither the prompt nor a key of a server. */
export interface SubmissionRecord extends v.InferOutput<typeof RecordSchema> {
  readonly id: string;
}

/** What `StoredSubmissions` needs of a `Storage`. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Clicks of which it is unknown whether they became a job. They outlive the page: a reload, a crash of it, and a tab that is closed.
 * All tabs share them, because a new tab starts with the same form.
 */
export class StoredSubmissions {
  /** The first one that has room takes a record: localStorage, then the tab's own; else it lasts as long as the page. */
  readonly #stores: readonly Store[];

  constructor(stores: readonly Store[] = [...browserStores(), memoryStore()]) {
    this.#stores = stores;
  }

  /** Those of one library, oldest first. What can't be read is removed. */
  list(library: string): SubmissionRecord[] {
    const hash = shortHash(library);
    const found = new Map(this.#stores.flatMap(readAll).map((record) => [record.id, record]));
    return [...found.values()].filter((each) => each.library === hash).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Adds or replaces one. */
  keep({ id, ...record }: SubmissionRecord): void {
    const text = JSON.stringify(record);
    this.#stores.some((store) => write(store, PREFIX + id, text));
  }

  /** Its outcome is known. */
  forget(id: string): void {
    for (const store of this.#stores) write(store, PREFIX + id, null);
  }
}

/** The text, or null where it isn't the record of a submission. */
function parse(id: string, text: string | null): SubmissionRecord | null {
  try {
    const parsed = v.safeParse(RecordSchema, JSON.parse(text ?? ''));
    return parsed.success && v.is(JobIdSchema, id) ? { id, ...parsed.output } : null;
  } catch {
    return null;
  }
}

function readAll(store: Store): SubmissionRecord[] {
  try {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
    return keys
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => {
        const record = parse(key.slice(PREFIX.length), store.getItem(key));
        if (!record) write(store, key, null);
        return record ?? [];
      });
  } catch {
    // Storage is switched off.
    return [];
  }
}

/** Null removes the entry. @returns whether the storage took it */
function write(store: Store, key: string, text: string | null): boolean {
  try {
    if (text === null) store.removeItem(key);
    else store.setItem(key, text);
    return true;
  } catch {
    // Full or switched off.
    return false;
  }
}

/** Reading the properties already throws where the browser blocks storage. */
function browserStores(): Store[] {
  return [() => localStorage, () => sessionStorage].flatMap((read) => {
    try {
      return read();
    } catch {
      return [];
    }
  });
}

function memoryStore(): Store {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, text) => void entries.set(key, text),
    removeItem: (key) => void entries.delete(key),
  };
}
