/** A row of a list in which things are switched on and off. */
export interface PickItem {
  id: string;
  /** With parents; what is typed is looked for in it. */
  path: string;
  /** How many of the images have it. */
  state: 'all' | 'some' | 'none';
  /** At the right: a count. */
  note?: string;
}
