import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createBridge } from './bridge.ts';
import type { CdpSession } from './cdp.ts';
import { codec, createCodec } from './codec.ts';
import { dateOffset } from '../date-offset.ts';
import { moveDate } from '../move-date.ts';
import { pageWorld, preloadWorld, type IpcHead, type PreloadSetting } from './worlds.ts';

const WORLD = 'Electron Isolated Context';

interface Context {
  name: string;
  uniqueId: string;
  auxData?: { frameId?: string };
}
interface CallResult {
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/** The way between the main process and a page's preload: puts the preload into every new document, and carries its messages. */
export class PreloadLink {
  readonly #page: CdpSession;
  readonly #secret = randomBytes(12).toString('hex');
  /** The preload's world of the document that is shown. */
  #context: string | null = null;

  constructor(page: CdpSession) {
    this.#page = page;
  }

  /** To be called before the page's first document. `preload`: its file. */
  async install(preload: string | undefined): Promise<void> {
    const setting: PreloadSetting = {
      toPage: `p${this.#secret}`,
      toPreload: `q${this.#secret}`,
      binding: `b${this.#secret}`,
      process: { platform: process.platform, arch: process.arch, versions: process.versions },
    };
    const script = preload === undefined ? '' : readFileSync(preload, 'utf8');
    const wrapped = `function (require, module, exports, process) {${script}\n}`;
    const names = `${JSON.stringify(setting.toPage)}, ${JSON.stringify(setting.toPreload)}`;
    const makers = `${String(createBridge)}, ${String(createCodec)}`;
    const source = `(${String(preloadWorld)})(${JSON.stringify(setting)}, ${makers}, ${wrapped})`;
    const offset = dateOffset();
    if (offset !== 0)
      await this.#page.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${String(moveDate)})(${offset})` });
    await Promise.all([
      this.#page.send('Runtime.addBinding', { name: setting.binding, executionContextName: WORLD }),
      this.#page.send('Page.addScriptToEvaluateOnNewDocument', {
        source: `(${String(pageWorld)})(${String(createBridge)}, ${names})`,
      }),
      this.#page.send('Page.addScriptToEvaluateOnNewDocument', {
        worldName: WORLD,
        source: `${source}\n//# sourceURL=${pathToFileURL(preload ?? '/none').href}`,
      }),
    ]);
  }

  /** A world was made somewhere in the page. */
  notice({ name, uniqueId, auxData }: Context, mainFrameId: string): void {
    if (name === WORLD && auxData?.frameId === mainFrameId) this.#context = uniqueId;
  }

  /** What a call of a binding says, or null where it is not this link's. */
  read(binding: string, payload: string): { head: IpcHead; values: unknown } | null {
    if (binding !== `b${this.#secret}`) return null;
    const end = payload.indexOf('\n');
    return { head: JSON.parse(payload.slice(0, end)) as IpcHead, values: codec.decode(payload.slice(end + 1)) };
  }

  /** @throws DataCloneError for a message that cannot be cloned; a reply that cannot becomes an error for whoever waits for it */
  deliver(head: IpcHead, values: unknown): void {
    const text = encode(head, values);
    if (this.#context === null) return;
    const call = {
      functionDeclaration: 'function (head, values) { standInReceive(head, values); }',
      arguments: [{ value: JSON.stringify(head) }, { value: text }],
      uniqueContextId: this.#context,
    };
    this.#page.send<CallResult>('Runtime.callFunctionOn', call).then(
      ({ exceptionDetails: thrown }) => {
        if (thrown)
          console.error('stand-in: a listener of the page threw:', thrown.exception?.description ?? thrown.text);
      },
      // The document has gone, and with it whoever waited.
      () => undefined,
    );
  }
}

function encode(head: IpcHead, values: unknown): string {
  try {
    return codec.encode(values);
  } catch (error) {
    if (head.type !== 'reply') throw error;
    return codec.encode({ error: String(error) });
  }
}
