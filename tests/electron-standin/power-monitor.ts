import { EventEmitter } from 'node:events';

/** `powerMonitor`: tests emit `suspend` and `resume`. */
export const powerMonitor = new EventEmitter();
