import type { Query, ValueField } from '../../../electron/contract/entities/query.ts';
import type { Facet } from '../../../electron/contract/entities/views.ts';
import { NONE } from '../../../electron/contract/query/fields.ts';
import { valueName } from '../query/filter-labels.ts';

/** A value of a facet as its row shows it. */
export interface FacetRow {
  value: string;
  label: string;
  /** Null where it isn't counted: it may still have images. */
  count: number | null;
  /** Chosen, excluded, or neither. */
  state: 'in' | 'out' | null;
  /** Number of tags above it in the list. */
  depth: number;
}

/** The rows of a facet: its values, "none", and what is chosen even where no image has it. `names`: more values, not counted. */
export function facetRows(
  field: ValueField,
  facet: Facet | undefined,
  query: Query,
  names: readonly string[] = [],
): FacetRow[] {
  const chosen = new Set(valuesIn(query, field, false));
  const excluded = new Set(valuesIn(query, field, true));
  const counts = new Map((facet?.values ?? []).map(({ value, count }) => [value, count]));
  if (facet && facet.none > 0) counts.set(NONE, facet.none);
  const labels = new Map((facet?.values ?? []).map(({ value, label }) => [value, label]));
  const listed = [...new Set([...counts.keys(), ...chosen, ...excluded, ...names])];
  const values = field === 'tag' ? asTree(listed) : listed;
  const paths = new Set(values);
  /** Where all values are listed, what is missing has no image. */
  const unlisted = facet?.more === 0 ? 0 : null;
  return values.map((value) => {
    const parent = field === 'tag' ? parentIn(paths, value) : '';
    return {
      value,
      label: parent === '' ? valueName(field, value, labels.get(value)) : value.slice(parent.length + 1),
      count: counts.get(value) ?? unlisted,
      state: chosen.has(value) ? 'in' : excluded.has(value) ? 'out' : null,
      depth: parent === '' ? 0 : depthIn(paths, value),
    };
  });
}

/** Chosen rows, and the others up to a limit. */
export function firstRows(rows: readonly FacetRow[], limit: number): FacetRow[] {
  let left = limit;
  return rows.filter(({ state }) => {
    if (state !== null) return true;
    left -= 1;
    return left >= 0;
  });
}

function valuesIn({ filters }: Query, field: ValueField, not: boolean): string[] {
  return filters.flatMap((filter) =>
    filter.field === field && filter.not === not && 'values' in filter ? filter.values : [],
  );
}

const byName = new Intl.Collator('en', { numeric: true });

/** Tags below their parents; "none" last. */
function asTree(paths: readonly string[]): string[] {
  const keys = new Map(paths.map((path) => [path, path.split('/')]));
  return paths.toSorted((a, b) => {
    if (a === NONE || b === NONE) return Number(a === NONE) - Number(b === NONE);
    return comparePaths(keys.get(a) ?? [], keys.get(b) ?? []);
  });
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = byName.compare(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function depthIn(paths: ReadonlySet<string>, path: string): number {
  const parent = parentIn(paths, path);
  return parent === '' ? 0 : depthIn(paths, parent) + 1;
}

/** The nearest tag above that is in the list; '' for none. */
function parentIn(paths: ReadonlySet<string>, path: string): string {
  const end = path.lastIndexOf('/');
  if (end < 0) return '';
  const parent = path.slice(0, end);
  return paths.has(parent) ? parent : parentIn(paths, parent);
}
