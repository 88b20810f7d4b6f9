import type { Tag } from '../../../electron/contract/entities/annotations.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { Facets } from '../../../electron/contract/entities/views.ts';
import { isValueField, KNOWN_VALUES, NONE } from '../../../electron/contract/query/fields.ts';
import type { ValuesOf } from './completion.ts';

/** Lists that filters name. */
export interface NamedLists {
  readonly tags: readonly Tag[];
  readonly collections: readonly Collection[];
  /** Whether they are known: until then nothing can be missing. */
  readonly isLoaded: boolean;
}

/** What is known of every filter's values: counted ones first, then all tags and collections, then those of the language itself. */
export function suggestionsFrom(lists: NamedLists, facets: Facets | null): ValuesOf {
  return (field) => {
    if (!isValueField(field)) return [];
    const facet = facets?.facets.find((each) => each.field === field);
    const listed = [...namesOf(field, lists), ...(KNOWN_VALUES[field] ?? [])];
    // A facet also has the values that are searched for: what is being typed isn't a suggestion yet.
    const counted = (facet?.values ?? []).filter(({ value, count: images }) => images > 0 || listed.includes(value));
    /** Where all values with images are listed, the others have none. */
    const count = facet?.more === 0 ? 0 : null;
    const known = new Set(counted.map(({ value }) => value));
    const others = listed.filter((name) => !known.has(name));
    const none = field === 'tag' || field === 'in' ? [NONE] : [];
    return [
      ...counted,
      ...[...others, ...none].map((name) => ({
        value: name,
        label: name,
        count: name === NONE ? (facet?.none ?? null) : count,
      })),
    ];
  };
}

function namesOf(field: string, { tags, collections }: NamedLists): string[] {
  if (field === 'tag') return tags.map(({ path }) => path);
  return field === 'in' ? collections.map(({ name }) => name) : [];
}
