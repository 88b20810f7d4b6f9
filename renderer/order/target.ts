import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import type { GridImage, Selection } from '../../electron/contract/entities/views.ts';
import type { LibraryState } from '../state/library/library.ts';

/** The images that a command is for. */
export interface Target {
  count: number;
  /** For endpoints, with all ends of ranges known. @throws StudioError if they can't be found */
  settle(): Promise<Selection>;
  /** Null for ranges of a view. */
  imageIds: readonly ImageId[] | null;
  /** Those on the screen: marks are painted on them at once. */
  shown: ImageId[];
  /** The image of a target of one; otherwise the first loaded one, for what toggles. */
  image: (Image & Partial<Pick<GridImage, 'marks' | 'stack'>>) | null;
}

/** Positions painted around what is looked at. */
const AROUND = 400;

/** The selection, or the image that has the focus where nothing is selected; null for neither. */
export function libraryTarget({ selection, view }: LibraryState, visible: number): Target | null {
  if (selection.isEmpty) {
    const image = selection.current === null ? null : view.at(selection.current);
    return image && imageTarget(image);
  }
  const { imageIds } = selection;
  const shown = imageIds === null ? selection.loadedIn(visible - AROUND, visible + AROUND) : [...imageIds];
  const position = selection.firstPosition;
  return {
    count: selection.count,
    settle: () => selection.settle(),
    imageIds,
    shown,
    image: position === null ? null : view.at(position),
  };
}

/** One image. */
export function imageTarget(image: Image & Partial<Pick<GridImage, 'marks' | 'stack'>>): Target {
  const imageIds = [image.id];
  return {
    count: 1,
    settle: () => Promise.resolve({ kind: 'images', imageIds }),
    imageIds,
    shown: imageIds,
    image,
  };
}
