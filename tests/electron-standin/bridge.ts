/** A value on its way between the page's world and the preload's. Functions and promises stay at home; a number stands for them. */
type Wire =
  | { kind: 'data'; data: unknown }
  | { kind: 'error'; message: string }
  | { kind: 'function' | 'promise'; id: number }
  | { kind: 'array'; items: Wire[] }
  | { kind: 'object'; entries: [string, Wire][] };

export type BridgeMessage =
  | { type: 'expose'; key: string; value: Wire }
  | { type: 'exposed'; taken: boolean }
  | { type: 'call'; id: number; args: Wire[] }
  | { type: 'return'; value: Wire }
  | { type: 'throw'; message: string }
  | { type: 'settle'; id: number; ok: boolean; value: Wire };

export interface Bridge {
  pack(value: unknown): Wire;
  /** `frozen` as Electron does with all that a preload exposes. */
  unpack(wire: Wire, frozen: boolean): unknown;
  receive(message: BridgeMessage): void;
}

/**
 * One end of the context bridge. `send` reaches the other end before it returns, so that a call can return a value. Errors lose all but
 * their message on the way, as in Electron. Unlike there, an object that contains itself does not cross. Its source text runs in both worlds: it may use nothing from outside.
 */
export function createBridge(send: (message: BridgeMessage) => void): Bridge {
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  let promises = 0;
  let answer: BridgeMessage | null = null;

  function pack(value: unknown): Wire {
    if (typeof value === 'function') {
      const own = value as (typeof functions)[number];
      const at = functions.indexOf(own);
      return { kind: 'function', id: at >= 0 ? at : functions.push(own) - 1 };
    }
    if (value instanceof Promise) {
      const id = (promises += 1);
      value.then(
        (result: unknown) => settle(id, true, result),
        (reason: unknown) => settle(id, false, reason),
      );
      return { kind: 'promise', id };
    }
    if (value instanceof Error) return { kind: 'error', message: value.message };
    if (Array.isArray(value)) return { kind: 'array', items: value.map(pack) };
    if (value !== null && typeof value === 'object' && Object.prototype.toString.call(value) === '[object Object]') {
      return { kind: 'object', entries: Object.entries(value).map(([key, item]): [string, Wire] => [key, pack(item)]) };
    }
    return { kind: 'data', data: structuredClone(value) };
  }

  function settle(id: number, ok: boolean, value: unknown): void {
    let message: BridgeMessage;
    try {
      message = { type: 'settle', id, ok, value: pack(value) };
    } catch (error) {
      message = { type: 'settle', id, ok: false, value: { kind: 'error', message: (error as Error).message } };
    }
    send(message);
  }

  function unpack(wire: Wire, frozen: boolean): unknown {
    switch (wire.kind) {
      case 'data':
        return wire.data;
      case 'error':
        return new Error(wire.message);
      case 'array': {
        const items = wire.items.map((item) => unpack(item, frozen));
        return frozen ? Object.freeze(items) : items;
      }
      case 'object': {
        const object = Object.fromEntries(wire.entries.map(([key, item]) => [key, unpack(item, frozen)]));
        return frozen ? Object.freeze(object) : object;
      }
      case 'function':
        return (...args: unknown[]) => callOther(wire.id, args);
      case 'promise':
        return new Promise((resolve, reject) => waiting.set(wire.id, { resolve, reject }));
    }
  }

  function callOther(id: number, args: unknown[]): unknown {
    answer = null;
    send({ type: 'call', id, args: args.map(pack) });
    const got = answer as BridgeMessage | null;
    answer = null;
    if (got?.type === 'throw') throw new Error(got.message);
    if (got?.type !== 'return') throw new Error('stand-in: the other world did not answer a call.');
    return unpack(got.value, false);
  }

  function receive(message: BridgeMessage): void {
    if (message.type === 'return' || message.type === 'throw') answer = message;
    else if (message.type === 'call') send(runOwn(message.id, message.args));
    else if (message.type === 'settle') {
      const promise = waiting.get(message.id);
      waiting.delete(message.id);
      promise?.[message.ok ? 'resolve' : 'reject'](unpack(message.value, false));
    }
  }

  function runOwn(id: number, args: Wire[]): BridgeMessage {
    try {
      const result = functions[id]?.(...args.map((item) => unpack(item, false)));
      return { type: 'return', value: pack(result) };
    } catch (error) {
      return { type: 'throw', message: error instanceof Error ? error.message : String(error) };
    }
  }
  return { pack, unpack, receive };
}
