import { StudioError } from '../../contract/errors/errors.ts';
import { billingSentence } from '../../contract/errors/messages.ts';
import type { Operation } from '../../contract/catalogue/parameters.ts';
import type { ProbeResult, ProbeReport } from '../../contract/catalogue/servers.ts';
import type { Connection } from '../request/connection.ts';
import { listModels } from '../list-models.ts';
import { sendEmptyRequest, sendFakeImages, type ProbeResponse } from './probe-requests.ts';
import { endpointFinding, imageFieldFinding, reportsMissingImage } from './probe-findings.ts';

interface ProbeOptions {
  connection: Connection;
  signal: AbortSignal;
  /** Called with the report so far after each new line. */
  onLine(report: ProbeReport): void;
  /** Time limit of each request in milliseconds. */
  limitMs?: number;
  now?: () => number;
}

/**
 * Finds out what a server supports, with requests that it must reject before processing: the list of models, an empty JSON body, forms
 * without prompt and image. Never sends a valid request. If a server accepts one or does not respond, the probe stops and reports that it
 * may have been billed.
 * @throws StudioError when the server cannot be reached or rejects the key
 */
export async function probeServer(options: ProbeOptions): Promise<ProbeReport> {
  const probe = new Probe(options);
  await probe.models();
  for (const operation of ['create', 'edit', 'variation'] as const)
    if (!(await probe.endpoint(operation))) return probe.report;
  if (!(await probe.imageField())) return probe.report;
  probe.addRequestIdLine();
  for (const ability of ['streaming', 'usage'] as const)
    probe.addLine({ ability, finding: 'unknown', why: 'Needs one test image.', tookMs: 0 });
  return probe.report;
}

/** The state of one probe. */
class Probe {
  readonly #options: ProbeOptions;
  #lines: ProbeResult[] = [];
  #models: string[] | null = null;
  #spent = false;
  /** The response header that had a request id. */
  #idHeader: string | null = null;
  #answers = 0;
  /** The response to a form without prompt and image. */
  #emptyForm: ProbeResponse | null = null;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  get report(): ProbeReport {
    const { now = Date.now } = this.#options;
    return { version: 1, at: now(), spent: this.#spent, models: this.#models, lines: [...this.#lines] };
  }

  addLine(line: ProbeResult): void {
    this.#lines = [...this.#lines, { ...line, tookMs: Math.round(line.tookMs) }];
    this.#options.onLine(this.report);
  }

  /** A server may have no list of models. @throws StudioError any other error, which ends the probe */
  async models(): Promise<void> {
    const { connection, signal, limitMs } = this.#options;
    const started = performance.now();
    try {
      const { models, tookMs } = await listModels(connection, signal, limitMs);
      this.#models = models;
      this.addLine({
        ability: 'models',
        finding: 'yes',
        why: `It lists ${models.length} ${models.length === 1 ? 'model' : 'models'}.`,
        tookMs,
      });
    } catch (error) {
      if (!(error instanceof StudioError) || !LIST_OPTIONAL.has(error.code)) throw error;
      const { status, message } = error.report.server ?? {};
      const why =
        [status, message].filter((part) => part !== undefined && part !== '').join(': ') || 'It lists no models.';
      this.addLine({ ability: 'models', finding: 'no', why: why.slice(0, 200), tookMs: performance.now() - started });
    }
  }

  /** Tests whether an endpoint exists. Returns false when the probe has to stop. */
  async endpoint(operation: Operation): Promise<boolean> {
    const refused = await this.#ask(operation, () =>
      sendEmptyRequest({ ...this.#options, operation, model: this.#model }),
    );
    if (!refused) return false;
    if (operation === 'edit') this.#emptyForm = refused;
    this.addLine({ ability: operation, ...endpointFinding(refused), tookMs: refused.tookMs });
    // Rate limited: send nothing more.
    return refused.status !== 429;
  }

  /** Tests which field name an edit's images need: with the wrong one, the server reports a missing image. Returns false to stop. */
  async imageField(): Promise<boolean> {
    const edit = this.#lines.find(({ ability }) => ability === 'edit');
    if (edit?.finding !== 'yes' || !this.#emptyForm) return true;
    const started = performance.now();
    const missed: Partial<Record<'image' | 'image[]' | 'two', boolean>> = {};
    const forms: ['image' | 'image[]' | 'two', string[]][] = [
      ['image', ['image']],
      ['image[]', ['image[]']],
      ['two', ['image[]', 'image[]']],
    ];
    for (const [name, fields] of forms) {
      // A list of two is needed only when a list of one is rejected.
      if (name === 'two' && !(missed.image === false && missed['image[]'] === true)) continue;
      const refused = await this.#ask('imageField', () =>
        sendFakeImages({ ...this.#options, fields, model: this.#model }),
      );
      if (!refused) return false;
      missed[name] = reportsMissingImage(refused.words);
    }
    const verdict = imageFieldFinding(reportsMissingImage(this.#emptyForm.words), missed);
    this.addLine({ ability: 'imageField', ...verdict, tookMs: performance.now() - started });
    return true;
  }

  addRequestIdLine(): void {
    if (this.#answers === 0) return;
    const header = this.#idHeader;
    const line =
      header === null
        ? { finding: 'no' as const, why: 'No response has one.' }
        : { finding: 'yes' as const, why: header };
    this.addLine({ ability: 'requestId', ...line, tookMs: 0 });
  }

  /** A model of the server, for URLs that need one. */
  get #model(): string {
    const { deployments } = this.#options.connection;
    return (
      Object.keys(deployments)[0] ??
      this.#models?.find((name) => /image|dall/iu.test(name)) ??
      this.#models?.[0] ??
      'gpt-image-2'
    );
  }

  /** Sends one probe request. Returns null when the server did not reject it and the probe has to stop. */
  async #ask(ability: Operation | 'imageField', ask: () => Promise<ProbeResponse>): Promise<ProbeResponse | null> {
    const started = performance.now();
    let refused: ProbeResponse;
    try {
      refused = await ask();
    } catch (error) {
      if (!(error instanceof StudioError) || error.report.billing === 'none' || this.#options.signal.aborted)
        throw error;
      return this.#stop(
        ability,
        `It didn’t reject a request without a prompt: ${error.message.split('. ')[0] ?? ''}.`,
        started,
      );
    }
    this.#answers += 1;
    this.#idHeader ??= refused.idHeader;
    if (!refused.accepted) return refused;
    return this.#stop(
      ability,
      `It returned ${refused.status} for a request without a prompt instead of rejecting it.`,
      started,
    );
  }

  #stop(ability: Operation | 'imageField', what: string, started: number): null {
    this.#spent = true;
    const why = `${what} It may have made an image, so the test stopped. ${billingSentence('possible')}`;
    this.addLine({ ability, finding: 'unknown', why, tookMs: performance.now() - started, stopped: true });
    return null;
  }
}

/** Errors of the list of models that do not end the probe. */
const LIST_OPTIONAL: ReadonlySet<string> = new Set([
  'endpoint-missing',
  'request-refused',
  'answer-not-json',
  'answer-empty',
  'answer-garbled',
  'answer-too-large',
  'server-failed',
  'permission-denied',
  'blocked-in-between',
]);
