const HEAD = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');
const GUID_BYTES = 32;
const CONTENT = HEAD.length + GUID_BYTES + 8;

/** The part of a JPEG's XMP that doesn't fit into one segment (XMP specification, part 3, 1.1.3.1): put together from its pieces. */
export class ExtendedXmp {
  readonly #max: number;
  #guid: string | null = null;
  #packet: Buffer | null = null;
  #filled = 0;
  #isCut = false;

  /** @param max bytes of the packet */
  constructor(max: number) {
    this.#max = max;
  }

  /** Takes an APP1 segment's content; false if it isn't a piece. */
  take(content: Buffer): boolean {
    if (!content.subarray(0, HEAD.length).equals(HEAD)) return false;
    if (content.length < CONTENT) return true;
    const guid = content.toString('latin1', HEAD.length, HEAD.length + GUID_BYTES);
    const [length, at] = [content.readUInt32BE(CONTENT - 8), content.readUInt32BE(CONTENT - 4)];
    if (length > this.#max) this.#isCut = true;
    else if (this.#guid === null) {
      this.#guid = guid;
      this.#packet = Buffer.alloc(length);
    }
    if (this.#packet && guid === this.#guid && at < this.#packet.length)
      this.#filled += content.copy(this.#packet, at, CONTENT);
    return true;
  }

  /** The packet, if all of its pieces were there. */
  finish(): { packet: string | null; isCut: boolean } {
    const isWhole = this.#packet !== null && this.#filled >= this.#packet.length;
    return { packet: isWhole ? (this.#packet?.toString('utf8') ?? null) : null, isCut: this.#isCut };
  }
}
