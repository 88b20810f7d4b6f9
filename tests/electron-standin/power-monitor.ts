import { EventEmitter } from 'node:events';

/** `powerMonitor` of a computer that never sleeps by itself; a test emits `suspend` and `resume`. */
export const powerMonitor = new EventEmitter();
