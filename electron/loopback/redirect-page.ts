import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFileAtomic } from '../disk/durable-file.ts';

export interface RedirectPage {
  /** The `file:` URL for the browser; contains no secret. */
  address: string;
  remove(): Promise<void>;
}

/**
 * Writes a page, readable by its owner only, that redirects to the studio's URL. That URL contains the token; as a command-line argument
 * it would be visible to all users in the list of processes.
 * @param port of the running host, part of the file name: two hosts have two pages, and a file left by a crash is overwritten
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
