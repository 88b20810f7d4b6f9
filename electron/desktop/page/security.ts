import type { Session, WebContents } from 'electron';
import type { Log } from '../../contract/errors/errors.ts';
import { allowsPermission, isOwnPage, isExternalLink } from './page-rules.ts';

/** Denies all permissions except the page's few, and all devices. */
export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_page, permission, callback) => callback(allowsPermission(permission)));
  session.setPermissionCheckHandler((_page, permission) => allowsPermission(permission));
  session.setDevicePermissionHandler(() => false);
}

/** Restricts a page: no navigation except to itself, no new windows, no web views. https links open in the system's browser. */
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
  // Subframes may load nothing, not even our own page.
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
