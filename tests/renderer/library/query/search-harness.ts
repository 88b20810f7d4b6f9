import { render } from 'vitest-browser-svelte';
import type { Tag } from '../../../../electron/contract/entities/annotations.ts';
import type { Collection } from '../../../../electron/contract/entities/collections.ts';
import type { CollectionId, TagId } from '../../../../electron/contract/entities/ids.ts';
import type { Facets, View } from '../../../../electron/contract/entities/views.ts';
import { FacetCounts } from '../../../../renderer/state/library/facet-counts.svelte.ts';
import { Question } from '../../../../renderer/state/library/question.svelte.ts';
import { RecentSearches } from '../../../../renderer/library/query/recent-searches.svelte.ts';
import SearchBox from '../../../../renderer/library/query/SearchBox.svelte';
import '../../../../renderer/app.css';
import { scriptedStudio, uuid } from '../../state/scripted-studio.ts';

export function viewOf(change: Partial<View> = {}): View {
  return { id: 'v1', revision: 1, total: 12, all: 90_000, buckets: [], errors: [], byParts: false, ...change };
}

export function tag(path: string, images = 1): Tag {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { id: `tag-${path}` as TagId, parentId: null, name, path, images };
}

export function collection(name: string, change: Partial<Collection> = {}): Collection {
  return {
    id: uuid(name.length) as CollectionId,
    name,
    parentId: null,
    coverId: null,
    query: null,
    images: 3,
    ...change,
  };
}

export const FACETS: Facets = {
  facets: [
    {
      field: 'model',
      values: [
        { value: 'gpt-image-2.6', label: 'gpt-image-2.6', count: 611 },
        { value: 'gpt-image-1.5', label: 'gpt-image-1.5', count: 1910 },
      ],
      more: 0,
      none: 0,
    },
    {
      field: 'tag',
      values: [
        { value: 'client', label: 'client', count: 7 },
        { value: 'client/acme', label: 'client/acme', count: 4 },
        { value: 'wip', label: 'wip', count: 2 },
      ],
      more: 0,
      none: 80,
    },
    { field: 'op', values: [{ value: 'edit', label: 'edit', count: 9 }], more: 0, none: 0 },
  ],
  ranges: [
    { field: 'rating', least: '0', most: '5', counts: [70, 1, 2, 3, 4, 5] },
    { field: 'cost', least: '0.01', most: '1.2', counts: [] },
  ],
};

/** A search box over a fresh question. */
export async function renderSearch() {
  const question = new Question();
  question.open('/library');
  const script = scriptedStudio({ 'views.facets': () => FACETS });
  const counts = new FacetCounts(script.studio);
  counts.facets = FACETS;
  const recent = new RecentSearches();
  const lists = {
    tags: [tag('client'), tag('client/acme'), tag('wip')],
    collections: [collection('Casa Azul')],
    isLoaded: true,
  };
  const view = { view: viewOf(), total: 12, all: 90_000 };
  const { container } = await render(SearchBox, { question, view, lists, counts, recent });
  return { question, recent, counts, script, container };
}
