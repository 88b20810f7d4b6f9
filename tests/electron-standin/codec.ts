export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

type TypedArrayName =
  'Int8Array' | 'Uint8Array' | 'Uint8ClampedArray' | 'Int16Array' | 'Uint16Array' | 'Int32Array' | 'Uint32Array';
type ViewName = TypedArrayName | 'Float32Array' | 'Float64Array' | 'BigInt64Array' | 'BigUint64Array' | 'DataView';

type ErrorName = 'Error' | 'EvalError' | 'RangeError' | 'ReferenceError' | 'SyntaxError' | 'TypeError' | 'URIError';

/** A value in place: `[primitive]`, `[null, how it is spelt]` for what JSON has no word for, or a row of the table. */
type Cell = [string | number | boolean | null] | [null, 'undefined' | 'number' | 'bigint', string] | number;
type Row =
  | ['array' | 'set', Cell[]]
  | ['object', [string, Cell][]]
  | ['map', [Cell, Cell][]]
  | ['date', number | null]
  | ['buffer', string]
  | ['view', ViewName, string]
  | ['error', name: ErrorName, message: string, stack: string | null, cause: Cell | null];

/**
 * Structured clone to text and back: what Electron's IPC would carry arrives as it would there, cycles and shared references included, and
 * what it would refuse throws the same DataCloneError. Not modelled: RegExp, boxed primitives, holes in arrays, views that share a buffer.
 * Its source text also runs in the page, so it may use nothing from outside but its two arguments and the language.
 */
export function createCodec(
  toBase64: (bytes: Uint8Array) => string,
  fromBase64: (text: string) => Uint8Array<ArrayBuffer>,
): Codec {
  const views: Record<ViewName, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const kindOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

  function encode(root: unknown): string {
    const table: (Row | null)[] = [];
    const known = new Map<object, number>();
    const rowOf = (value: object): Row => {
      const kind = kindOf(value);
      if (Array.isArray(value)) return ['array', Array.from(value, cellOf)];
      if (value instanceof Map)
        return ['map', [...value].map(([key, item]): [Cell, Cell] => [cellOf(key), cellOf(item)])];
      if (value instanceof Set) return ['set', [...value].map(cellOf)];
      if (value instanceof Date) return ['date', Number.isNaN(value.getTime()) ? null : value.getTime()];
      if (kind === 'ArrayBuffer') return ['buffer', toBase64(new Uint8Array(value as ArrayBuffer))];
      if (ArrayBuffer.isView(value)) {
        // Node's Buffer arrives as what it is made of.
        const name = kind in views ? (kind as ViewName) : 'Uint8Array';
        return ['view', name, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
      }
      if (value instanceof Error) {
        const name = value.name in errors ? (value.name as ErrorName) : 'Error';
        return ['error', name, value.message, value.stack ?? null, 'cause' in value ? cellOf(value.cause) : null];
      }
      if (kind !== 'Object') throw new DOMException('An object could not be cloned.', 'DataCloneError');
      return ['object', Object.entries(value).map(([key, item]): [string, Cell] => [key, cellOf(item)])];
    };
    const cellOf = (value: unknown): Cell => {
      if (value === undefined) return [null, 'undefined', ''];
      if (typeof value === 'bigint') return [null, 'bigint', String(value)];
      if (typeof value === 'number') {
        const plain = Number.isFinite(value) && !Object.is(value, -0);
        return plain ? [value] : [null, 'number', Object.is(value, -0) ? '-0' : String(value)];
      }
      if (value === null || typeof value === 'string' || typeof value === 'boolean') return [value];
      if (typeof value !== 'object') throw new DOMException(`A ${typeof value} could not be cloned.`, 'DataCloneError');
      const before = known.get(value);
      if (before !== undefined) return before;
      const at = table.push(null) - 1;
      known.set(value, at);
      table[at] = rowOf(value);
      return at;
    };
    return JSON.stringify([cellOf(root), table]);
  }

  function decode(text: string): unknown {
    const [root, table] = JSON.parse(text) as [Cell, Row[]];
    const made = new Map<number, unknown>();
    const valueOf = (cell: Cell): unknown => {
      if (typeof cell === 'number') return made.has(cell) ? made.get(cell) : build(cell);
      if (cell.length === 1) return cell[0];
      if (cell[1] === 'undefined') return undefined;
      return cell[1] === 'bigint' ? BigInt(cell[2]) : Number(cell[2]);
    };
    const build = (at: number): unknown => {
      const row = table[at] as Row;
      // A container is known before its contents are built: a cycle leads back to it.
      const keep = <T>(value: T): T => (made.set(at, value), value);
      switch (row[0]) {
        case 'array': {
          const items: unknown[] = keep([]);
          for (const cell of row[1]) items.push(valueOf(cell));
          return items;
        }
        case 'set': {
          const items = keep(new Set());
          for (const cell of row[1]) items.add(valueOf(cell));
          return items;
        }
        case 'map': {
          const items = keep(new Map());
          for (const [key, cell] of row[1]) items.set(valueOf(key), valueOf(cell));
          return items;
        }
        case 'object': {
          const object = keep({});
          const ordinary = { enumerable: true, writable: true, configurable: true };
          for (const [key, cell] of row[1]) Object.defineProperty(object, key, { value: valueOf(cell), ...ordinary });
          return object;
        }
        case 'date':
          return keep(new Date(row[1] ?? Number.NaN));
        case 'buffer':
          return keep(fromBase64(row[1]).buffer);
        case 'view':
          return keep(new views[row[1]](fromBase64(row[2]).buffer));
        case 'error': {
          const error = keep(new errors[row[1]](row[2]));
          if (row[3] !== null)
            Object.defineProperty(error, 'stack', { value: row[3], configurable: true, writable: true });
          if (row[4] !== null)
            Object.defineProperty(error, 'cause', { value: valueOf(row[4]), configurable: true, writable: true });
          return error;
        }
      }
    };
    return valueOf(root);
  }
  return { encode, decode };
}

/** The codec as Node has it; the page builds its own from the same source. */
export const codec = createCodec(
  (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  (text) => {
    const { buffer, byteOffset, length } = Buffer.from(text, 'base64');
    return new Uint8Array(buffer.slice(byteOffset, byteOffset + length));
  },
);
