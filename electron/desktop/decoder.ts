import { hideNativeSharp } from './native-sharp.ts';

/** The decoding process of the desktop application, a utility process of Electron. */
hideNativeSharp();
// Imported here because it imports sharp, which must come after `hideNativeSharp`.
await import('../library/decoder/main.ts');
