/** The desktop's two channels between page and studio. Apart from all else, because the preload, which may read little, needs them too. */
export const CALL_CHANNEL = 'studio:call';
export const EVENT_CHANNEL = 'studio:event';
