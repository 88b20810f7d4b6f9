import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** The files of the fonts that come with Emulsion: letters and signs, then emoji as outlines. */
export function bundledFonts(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return [
    resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
    resolve('@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf'),
  ];
}

/** Plain fonts that systems have for most scripts; tried first. */
const PREFERRED =
  /^(?:arial|arial unicode|arialuni|segoeui|seguisym|seguiemj|nirmala|msyh|meiryo|yugothr|malgun|simsun|pingfang|hiragino.*w3|applesdgothicneo|noto ?sans.*-regular|liberationsans-regular)\b/iu;
/** Other weights and slants, and a font that has a box for every character. */
const STYLED =
  /bold|italic|oblique|light|thin|black|medium|heavy|semi|condensed|narrow|mono|serif|[-_]bd|bi?\.|last ?resort/iu;

/** Font files of this computer, the likely ones first. Folders that can't be read are left out. */
export async function systemFontFiles(): Promise<string[]> {
  const found = (await Promise.all(fontFolders().map(listFonts))).flat();
  const rank = (path: string): number => {
    const name = basename(path);
    if (PREFERRED.test(name)) return 0;
    return STYLED.test(name) ? 2 : 1;
  };
  return found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function fontFolders(): string[] {
  const home = homedir();
  if (process.platform === 'win32') {
    const { WINDIR = 'C:\\Windows', LOCALAPPDATA = join(home, 'AppData', 'Local') } = process.env;
    return [join(WINDIR, 'Fonts'), join(LOCALAPPDATA, 'Microsoft', 'Windows', 'Fonts')];
  }
  if (process.platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library/Fonts')];
  return ['/usr/share/fonts', '/usr/local/share/fonts', join(home, '.local/share/fonts'), join(home, '.fonts')];
}

async function listFonts(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /\.(?:ttf|otf|ttc)$/iu.test(name)).map((name) => join(folder, name));
}
