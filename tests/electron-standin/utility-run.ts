import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

/* What a utility process of Electron is for the module that it runs: `process.parentPort` instead of Node's own channel. */

const send = process.send?.bind(process);
const port = Object.assign(new EventEmitter(), {
  postMessage: (message: unknown): void => void send?.(message, undefined, undefined, () => undefined),
});
process.on('message', (data) => port.emit('message', { data, ports: [] }));
process.on('disconnect', () => process.exit(0));
Object.assign(process, { type: 'utility', parentPort: port, send: undefined });
Object.defineProperty(process.versions, 'electron', { value: 'stand-in', enumerable: true });
const [, , modulePath = ''] = process.argv;
process.argv.splice(1, 1);
await import(pathToFileURL(modulePath).href);
