import type { NewestImages } from '../../contract/entities/images.ts';
import { counter } from '../db/counters.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from './image-rows.ts';

/** The newest images of the library, newest first. Costs what its rows cost, however many images there are. */
export function readNewestImages(db: Readable, { limit }: { limit: number }): NewestImages {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS}
    WHERE i.deleted_at IS NULL ORDER BY i.timeline DESC LIMIT ?`;
  return { images: prepare<[number], ImageRow>(db, sql).all(limit).map(rowToImage), all: counter(db, 'pictures') };
}
