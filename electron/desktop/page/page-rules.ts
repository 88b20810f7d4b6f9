import { StudioError } from '../../contract/errors/errors.ts';

/** The page's only origin; everything it loads comes from there. */
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'emulsion';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`;

/** Chrome's permission names. All others are denied, such as microphone, camera, location and notifications. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

export function allowsPermission(permission: string): boolean {
  return ALLOWED_PERMISSIONS.has(permission);
}

/** Whether a URL is the application's page. Images have the same origin but don't count as the page. */
export function isOwnPage(address: string): boolean {
  const url = parse(address);
  if (!url || url.protocol !== `${PAGE_SCHEME}:` || url.host !== PAGE_HOST) return false;
  return url.username === '' && url.password === '' && !/^\/(?:images|index)\//u.test(url.pathname);
}

/** Whether an `Origin` header is the application's. An image opened as a document sends `null`. */
export function isOwnOrigin(origin: string): boolean {
  return origin === `${PAGE_SCHEME}://${PAGE_HOST}`;
}

/** Whether a link may be opened in the system's browser: https without user name and password. */
export function isExternalLink(address: string): boolean {
  const url = parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

/** The used part of Electron's `IpcMainInvokeEvent`. `senderFrame` is null after the frame was destroyed or navigated. */
export interface InvokeEvent {
  sender: unknown;
  senderFrame: { url: string; parent: unknown } | null;
}

/**
 * Accepts only the main frame of our window, showing our page.
 * @param page the window's web contents, or null without a window
 * @throws StudioError `bad-sender`
 */
export function assertOwnSender(event: InvokeEvent, page: unknown): void {
  const frame = event.senderFrame;
  if (page !== null && event.sender === page && frame !== null && frame.parent === null && isOwnPage(frame.url)) return;
  throw new StudioError({
    code: 'bad-sender',
    message: 'A call from another page was refused. Nothing was changed.',
  });
}
