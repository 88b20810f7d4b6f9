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
  /** A page opened another one. Chromium has made it already, but it has asked for nothing yet. */
  popup(target: Target, url: string): void;
  gone(): void;
}

/** Creates pages, and notifies each page's owner of popups and closing. */
export class Targets {
  readonly #connection: Connection;
  readonly #owners = new Map<string, TargetOwner>();
  readonly #expected = new Map<string, (session: CdpSession) => void>();
  /** Attached before `Target.createTarget` had answered. */
  readonly #early = new Map<string, CdpSession>();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.browser.listen((method, params) => this.#hear(method, params));
  }

  /** Every page from now on stops before its first request. */
  async start(): Promise<void> {
    const filter = [{ type: 'page' }, { exclude: true }];
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
    }
  }

  #attached({ targetId, openerId, url }: TargetInfo, session: CdpSession): void {
    const opener = openerId === undefined ? undefined : this.#owners.get(openerId);
    const expected = this.#expected.get(targetId);
    if (opener) opener.popup({ targetId, session }, url);
    else if (expected) {
      this.#expected.delete(targetId);
      expected(session);
    } else this.#early.set(targetId, session);
  }
}
