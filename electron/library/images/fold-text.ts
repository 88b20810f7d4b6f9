// Here because it is how the library stores text; the page compares names by it too.
export * from '../../contract/query/fold-text.ts';
