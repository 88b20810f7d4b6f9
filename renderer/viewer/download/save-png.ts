import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { saveBlob } from '../../state/save-blob.ts';

/** @throws Error with the host's message, or its own if the host can't be reached */
async function fetchPng(imageBase: string, imageId: ImageId): Promise<Blob> {
  const answer = await fetch(`${imageBase}/png/${imageId}`).catch((thrown: unknown) => {
    throw new Error('Can’t reach Emulsion. Nothing was saved.', { cause: thrown });
  });
  if (answer.ok) return answer.blob();
  const words = await answer.text();
  throw new Error(words === '' ? 'This image can’t be rendered as PNG.' : words);
}

/** Renders an image as PNG and downloads it. Throws like {@link fetchPng}. */
export async function savePng(imageBase: string, imageId: ImageId, fileName: string): Promise<void> {
  saveBlob(await fetchPng(imageBase, imageId), fileName);
}
