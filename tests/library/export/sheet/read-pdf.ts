import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';

export interface ReadPage {
  /** In reading order of the file. */
  texts: string[];
  pictures: number;
  /** In points. */
  width: number;
  height: number;
}

/** A PDF's title and pages, as PDF.js reads them. */
export async function readPdf(path: string): Promise<{ title: unknown; pages: ReadPage[] }> {
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(path)));
  const { OPS } = await getResolvedPDFJS();
  const pages: ReadPage[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const { fnArray } = await page.getOperatorList();
    const [, , width = 0, height = 0] = page.view;
    pages.push({
      texts: items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [item.str] : [])),
      pictures: fnArray.filter((operation) => operation === OPS.paintImageXObject).length,
      width,
      height,
    });
  }
  const { info } = await pdf.getMetadata();
  await pdf.loadingTask.destroy();
  return { title: (info as { Title?: unknown }).Title, pages };
}

/** The file's JPEGs in their order, and what is drawn, as PDF operators. */
export async function pdfStreams(path: string): Promise<{ jpegs: Buffer[]; content: string }> {
  const bytes = await readFile(path);
  const text = bytes.toString('latin1');
  const jpegs: Buffer[] = [];
  let content = '';
  for (const found of text.matchAll(/<<\n((?:(?!endobj)[\s\S])*?)>>\nstream\n/gu)) {
    const length = Number(/\/Length (\d+)/u.exec(found[1] ?? '')?.[1] ?? 0);
    const start = found.index + found[0].length;
    const data = bytes.subarray(start, start + length);
    if (found[1]?.includes('/DCTDecode')) jpegs.push(data);
    else if (found[1]?.includes('/FlateDecode')) content += inflateSync(data).toString('latin1');
  }
  return { jpegs, content };
}
