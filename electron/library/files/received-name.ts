import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { GenerationIdSchema, type GenerationId } from '../../contract/entities/ids.ts';

/** Whose bytes a file holds that is being received. `undecided`: perhaps a partial image, or no image of the response. */
export interface ReceivedOwner {
  generationId: GenerationId;
  kind: 'image' | 'partial' | 'undecided';
  /** Position among the finished images, or among the partial ones. */
  position: number;
}

/** Ends the name of a file that is not complete. */
export const PART = '.part';

/** A unique file name that tells its owner, so that after a crash its bytes are known. Without {@link PART}. */
export function receivedName({ generationId, kind, position }: ReceivedOwner): string {
  return `answer-${generationId}-${kind}-${position}-${randomBytes(4).toString('hex')}`;
}

const NAME = /^answer-([0-9a-f-]{36})-(image|partial|undecided)-(\d{1,4})-[0-9a-f]{8}(\.part)?$/u;

/** The owner in a file's name, and whether the file was completed; null for any other file. */
export function readReceivedName(name: string): (ReceivedOwner & { complete: boolean }) | null {
  const [, id, kind, position, part] = NAME.exec(name) ?? [];
  const generationId = v.safeParse(GenerationIdSchema, id);
  if (!generationId.success) return null;
  const owner = { generationId: generationId.output, kind: kind as ReceivedOwner['kind'], position: Number(position) };
  return { ...owner, complete: part === undefined };
}

/** The same name for what the file turned out to be. */
export function withKind(name: string, kind: ReceivedOwner['kind']): string {
  return name.replace(/-(?:image|partial|undecided)-/u, `-${kind}-`);
}
