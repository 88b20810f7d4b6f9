import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GridImage, View } from '../../../electron/contract/entities/views.ts';
import { openUntrusted, type Readable } from '../../../electron/library/db/database.ts';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import type { Library } from '../../../electron/library/library.ts';
import { ALL_IMAGES } from '../../all-images.ts';
import { loadIndex } from './index-of-rows.ts';

/** Any time: the questions name no days. */
const NOON = Date.UTC(2026, 10, 30, 12);

/** Asks a library's index as a screen of images does, newest first, over a connection of its own; closed after the test. */
export interface LibraryQuestions {
  /** What answers. */
  core: IndexCore;
  ask(query: string): View;
  /** All images that a query finds. */
  find(query: string): GridImage[];
  /** Their prompts. */
  prompts(query: string): string[];
}

/** The questions of an open library. What is written to it later is found too. */
export function askLibrary(library: Library): LibraryQuestions {
  const reader = openUntrusted(join(library.folder, 'library.db'), { readonly: true }) as Readable;
  onTestFinished(() => {
    reader.close();
  });
  const core = new IndexCore(reader, loadIndex(reader), { prefix: 'a', now: () => NOON });
  const ask = (query: string): View => core.answer('ask', { question: { ...ALL_IMAGES, query } });
  const find = (query: string): GridImage[] => {
    const { id, total } = ask(query);
    return core.answer('rows', { viewId: id, from: 0, count: total }).flatMap((row) => (row === null ? [] : [row]));
  };
  return { core, ask, find, prompts: (query) => find(query).map(({ prompt }) => prompt) };
}
