import type { NewestImages } from '../../contract/entities/images.ts';
import { counter } from '../db/counters.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from './image-rows.ts';

/** Newest first. Takes the number of images. */
export const NEWEST_SQL = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS}
  WHERE i.deleted_at IS NULL ORDER BY i.timeline DESC LIMIT ?`;

/** The newest images of the library, newest first. Costs what its rows cost, however many images there are. */
export function readNewestImages(db: Readable, { limit }: { limit: number }): NewestImages {
  return {
    images: prepare<[number], ImageRow>(db, NEWEST_SQL).all(limit).map(rowToImage),
    all: counter(db, 'pictures'),
  };
}
