import { StudioError } from '../../contract/errors/errors.ts';

/** The page's one origin. Everything that it loads comes from here. */
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'emulsion';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`;

/** Chrome's own permission names. All else is denied: the page neither listens, looks, locates nor notifies. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

export function allowsPermission(permission: string): boolean {
  return ALLOWED_PERMISSIONS.has(permission);
}

/** Whether an address is the application's page. Images share its origin, and an image that is opened as a page is no page of ours. */
export function isOwnPage(address: string): boolean {
  const url = parse(address);
  if (!url || url.protocol !== `${PAGE_SCHEME}:` || url.host !== PAGE_HOST) return false;
  return url.username === '' && url.password === '' && !url.pathname.startsWith('/images/');
}

/** Whether an `Origin` header names the application's page. An image that is opened as a page has none: `null`. */
export function isOwnOrigin(origin: string): boolean {
  return origin === `${PAGE_SCHEME}://${PAGE_HOST}`;
}

/** Whether a link may be given to the system's browser: https, and no name or password inside. */
export function isExternalLink(address: string): boolean {
  const url = parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

/** What is looked at of Electron's `IpcMainInvokeEvent`. `senderFrame` is null once the frame has gone or gone elsewhere. */
export interface Scheduler {
  sender: unknown;
  senderFrame: { url: string; parent: unknown } | null;
}

/**
 * Lets the main frame of our own window through, while it shows our own page.
 * @param page the window's web contents, or null while there is no window
 * @throws StudioError `bad-sender`
 */
export function assertOwnSender(event: Scheduler, page: unknown): void {
  const frame = event.senderFrame;
  if (page !== null && event.sender === page && frame !== null && frame.parent === null && isOwnPage(frame.url)) return;
  throw new StudioError({
    code: 'bad-sender',
    message: 'A call from another page was refused. Nothing was changed.',
  });
}
