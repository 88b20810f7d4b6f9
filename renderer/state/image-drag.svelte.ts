import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Selection } from '../../electron/contract/entities/views.ts';

/** The type of dragged images; its data is their ids as JSON. */
const IMAGES_TYPE = 'application/x-emulsion-images';

interface DraggedImages {
  count: number;
  imageIds: readonly ImageId[] | null;
  settle(): Promise<Selection>;
}

/** Images of the library that are being dragged, also from another window. */
class ImageDrag {
  /** Of this window; null while nothing is dragged. */
  dragged = $state.raw<DraggedImages | null>(null);

  /**
   * Fills a drag with images: their ids for Emulsion, their addresses for everything else.
   * @param addresses of originals, absolute; the first one is also offered as a file where the browser can
   */
  begin(
    transfer: DataTransfer,
    images: DraggedImages,
    addresses: readonly string[],
    fileName: string,
    mime: string,
  ): void {
    this.dragged = images;
    this.#endLater();
    transfer.effectAllowed = 'copyMove';
    transfer.setData(IMAGES_TYPE, JSON.stringify(images.imageIds ?? []));
    transfer.setData('text/uri-list', addresses.join('\r\n'));
    const [first] = addresses;
    if (addresses.length === 1 && first !== undefined) transfer.setData('DownloadURL', `${mime}:${fileName}:${first}`);
  }

  end(): void {
    this.dragged = null;
  }

  /** The grid that images are dragged from may be gone by then, and its `dragend` with it: no pointer moves during a drag. */
  #endLater(): void {
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    const end = (): void => {
      stop.abort();
      this.end();
    };
    addEventListener('dragend', end, options);
    addEventListener('pointermove', end, options);
    addEventListener('pointerdown', end, options);
  }

  /** Whether an event's drag has images of the library. */
  isOver(event: DragEvent): boolean {
    return this.dragged !== null || (event.dataTransfer?.types.includes(IMAGES_TYPE) ?? false);
  }

  /** What a drop brings, as a selection; null for none. Images of another window are those that fit in its list. */
  selection(event: DragEvent | null): Promise<Selection> | null {
    if (this.dragged) return this.dragged.settle();
    const imageIds = event ? this.imageIds(event) : [];
    return imageIds.length > 0 ? Promise.resolve({ kind: 'images', imageIds }) : null;
  }

  /** Ids of dropped images, for what takes a few. */
  imageIds(event: DragEvent): ImageId[] {
    if (this.dragged?.imageIds) return [...this.dragged.imageIds];
    try {
      const ids: unknown = JSON.parse(event.dataTransfer?.getData(IMAGES_TYPE) ?? '[]');
      return Array.isArray(ids) ? ids.filter((id): id is ImageId => typeof id === 'string') : [];
    } catch {
      // Not ours.
      return [];
    }
  }
}

/** The page's drag. */
export const imageDrag = new ImageDrag();
