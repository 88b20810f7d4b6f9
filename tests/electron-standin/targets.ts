import type { CdpSession, Connection } from './cdp.ts';

interface TargetInfo {
  targetId: string;
  url: string;
  openerId?: string;
}

/** A page of the browser, paused before its first request. */
export interface Target {
  targetId: string;
  session: CdpSession;
}

export interface TargetOwner {
  /** A page opened another one. Chromium has made it already, but it has asked for nothing yet. @returns whether it may */
  popup(target: Target, url: string): boolean;
  gone(): void;
}

/** Creates pages, and notifies each page's owner of popups and closing. */
export class Targets {
  readonly #connection: Connection;
  readonly #owners = new Map<string, TargetOwner>();
  readonly #expected = new Map<string, (session: CdpSession) => void>();
  /** Attached before `Target.createTarget` had answered. */
  readonly #early = new Map<string, CdpSession>();
  /** Pages that no owner let open. */
  readonly #refused = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.browser.listen((method, params) => this.#hear(method, params));
  }

  /**
   * Every page from now on stops before its first request. That alone keeps no page from its document: the test's own session with the
   * browser releases each page too, often before its owner has answered. So every document is asked for here.
   */
  async start(): Promise<void> {
    const filter = [{ type: 'page' }, { exclude: true }];
    const documents = [{ urlPattern: '*', resourceType: 'Document' }];
    await this.#connection.browser.send('Fetch.enable', { patterns: documents });
    await this.#connection.browser.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter,
    });
  }

  async open(size: { width: number; height: number }, owner: TargetOwner): Promise<Target> {
    const options = { url: 'about:blank', ...size, newWindow: true };
    const { targetId } = await this.#connection.browser.send<{ targetId: string }>('Target.createTarget', options);
    this.#owners.set(targetId, owner);
    const early = this.#early.get(targetId);
    this.#early.delete(targetId);
    return { targetId, session: early ?? (await new Promise((resolve) => this.#expected.set(targetId, resolve))) };
  }

  async close(targetId: string): Promise<void> {
    this.#owners.delete(targetId);
    await this.#connection.browser.send('Target.closeTarget', { targetId });
  }

  #hear(method: string, params: unknown): void {
    if (method === 'Target.attachedToTarget') {
      const attached = params as { sessionId: string; targetInfo: TargetInfo; waitingForDebugger: boolean };
      // Pages that existed before are the browser's own.
      if (attached.waitingForDebugger)
        this.#attached(attached.targetInfo, this.#connection.session(attached.sessionId));
    } else if (method === 'Target.targetDestroyed' || method === 'Target.detachedFromTarget') {
      const { targetId } = params as { targetId: string };
      this.#owners.get(targetId)?.gone();
      this.#owners.delete(targetId);
    } else if (method === 'Fetch.requestPaused') {
      const { requestId, frameId } = params as { requestId: string; frameId: string };
      // A page has the id of its main frame. A refused one waits until it is closed.
      if (this.#refused.has(frameId)) return;
      // The page may be closed meanwhile.
      this.#connection.browser.send('Fetch.continueRequest', { requestId }).catch(() => undefined);
    }
  }

  #attached({ targetId, openerId, url }: TargetInfo, session: CdpSession): void {
    const opener = openerId === undefined ? undefined : this.#owners.get(openerId);
    const expected = this.#expected.get(targetId);
    if (opener) {
      if (!opener.popup({ targetId, session }, url)) this.#refused.add(targetId);
    } else if (expected) {
      this.#expected.delete(targetId);
      expected(session);
    } else this.#early.set(targetId, session);
  }
}
