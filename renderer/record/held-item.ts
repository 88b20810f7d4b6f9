/** A tag or collection that images have. */
export interface HeldItem<Id extends string> {
  id: Id;
  name: string;
  /** Of how many images, where it isn't all: "1 of 2". */
  part?: string | undefined;
}
