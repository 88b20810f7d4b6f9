/** Keywords under which ImageMagick and others put EXIF into a PNG's text. */
export const isRawExif = (keyword: string): boolean => /^Raw profile type (?:exif|APP1)$/iu.test(keyword);
/** The same for IPTC among Photoshop's resources. */
export const isRawIptc = (keyword: string): boolean => /^Raw profile type (?:iptc|8bim)$/iu.test(keyword);

/** The bytes of a "raw profile": a name, a length, and hexadecimal digits in lines. */
export function rawProfile(text: string): Buffer {
  const head = /^\s{0,4}\w[\w ]{0,40}\s{1,20}\d{1,12}\s/u.exec(text)?.[0].length ?? 0;
  return Buffer.from(text.slice(head).replace(/\s/gu, ''), 'hex');
}
