import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFileAtomic } from '../disk/durable-file.ts';

export interface RedirectPage {
  /** What the browser is told to open: a `file:` address, without any secret in it. */
  address: string;
  remove(): Promise<void>;
}

/**
 * Writes a page that sends the browser on to the studio's address, for its owner's eyes only. The address holds the token, and what
 * a browser is started with can be read in the list of processes by everybody on this machine; a file of this folder cannot.
 * @param port of the running host: two hosts of one person have two pages, and one that a crash left behind is written anew
 */
export async function writeRedirectPage(folder: string, port: number, url: string): Promise<RedirectPage> {
  const path = join(folder, `open-${port}.html`);
  const shown = escapeHtml(url);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${shown}">
<title>Emulsion</title>
<p><a href="${shown}">Open Emulsion</a></p>
</html>
`;
  await writeFileAtomic(path, page, { mode: 0o600 });
  return { address: pathToFileURL(path).href, remove: () => rm(path, { force: true }) };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
