import type { ImageId } from '../../../electron/contract/entities/ids.ts';

/** @throws Error with the host's sentence where an image cannot be rendered, or its own where the host does not answer */
async function fetchPng(imageBase: string, imageId: ImageId): Promise<Blob> {
  const answer = await fetch(`${imageBase}/png/${imageId}`).catch((thrown: unknown) => {
    throw new Error('Emulsion’s host does not answer. Nothing was saved.', { cause: thrown });
  });
  if (answer.ok) return answer.blob();
  const words = await answer.text();
  throw new Error(words === '' ? 'This image cannot be rendered as PNG.' : words);
}

/** Renders an image as PNG and hands it to the browser to keep. Throws as {@link fetchPng}. */
export async function savePng(imageBase: string, imageId: ImageId, fileName: string): Promise<void> {
  const address = URL.createObjectURL(await fetchPng(imageBase, imageId));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser reads it on its own time.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
