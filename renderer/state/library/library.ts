import type { LibraryChanges } from './changes.svelte.ts';
import type { FacetCounts } from './facet-counts.svelte.ts';
import type { ImageView } from './image-view.svelte.ts';
import type { OrderLists } from './order-lists.svelte.ts';
import type { Question } from './question.svelte.ts';
import type { ImageSelection } from './selection.svelte.ts';

/** What the library view shows and does. */
export interface LibraryState {
  readonly question: Question;
  readonly view: ImageView;
  readonly selection: ImageSelection;
  readonly changes: LibraryChanges;
  readonly lists: OrderLists;
  readonly counts: FacetCounts;
}
