/** The desktop's two IPC channels. In a separate file because the sandboxed preload can import little else. */
export const CALL_CHANNEL = 'studio:call';
export const EVENT_CHANNEL = 'studio:event';
