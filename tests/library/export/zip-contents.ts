import { openPromise } from 'yauzl';

/** The files of a ZIP by name. */
export async function zipContents(path: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const found = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
    found.set(entry.fileName, Buffer.concat(chunks));
  }
  zip.close();
  return found;
}
