import type { Session, WebContents } from 'electron';
import type { Log } from '../../contract/errors/errors.ts';
import { allowsPermission, isOwnPage, isExternalLink } from './page-rules.ts';

/** Denies every permission but the few that the page needs, and all devices. */
export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_page, permission, answer) => answer(allowsPermission(permission)));
  session.setPermissionCheckHandler((_page, permission) => allowsPermission(permission));
  session.setDevicePermissionHandler(() => false);
}

/**
 * Keeps a page where it is: it goes nowhere but to itself, opens no window and holds no web view. A link to https goes to the system's
 * browser instead.
 */
export function restrictNavigation(
  page: WebContents,
  openExternal: (address: string) => Promise<void>,
  log: Log,
): void {
  const blockForeign = (event: { url: string; preventDefault(): void }): void => {
    if (!isOwnPage(event.url)) event.preventDefault();
  };
  page.on('will-navigate', blockForeign);
  page.on('will-redirect', blockForeign);
  // Frames within the page show nothing at all: not even our own page, which would then find itself framed.
  page.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  page.on('will-attach-webview', (event) => event.preventDefault());
  page.setWindowOpenHandler(({ url }) => {
    if (isExternalLink(url)) {
      openExternal(url).catch((error: unknown) => log(`The system could not open ${new URL(url).host}`, error));
    }
    return { action: 'deny' };
  });
}
