import type { JobRequest } from '../contract/entities/requests.ts';
import { estimateRequest } from '../contract/costs/estimate.ts';
import { checkInputs, type InputFacts } from '../contract/rules/input-rules.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import type { MicrosRange, TokenHistory } from '../contract/entities/money.ts';
import { API_DEFAULT_MODEL } from '../contract/rules/parameter-rules.ts';
import { parseSize } from '../contract/rules/size-rules.ts';
import { strictRequestProblem } from '../contract/rules/strict-rules.ts';
import { modelOnServer } from '../contract/catalogue/servers.ts';
import { readInputFacts } from '../library/inputs/input-facts.ts';
import type { Library } from '../library/library.ts';
import { pricesFor, type Pricing } from './request-cost.ts';
import { planGenerations, type PlannedGeneration } from './plan-generations.ts';
import type { JobConnection } from './run-generation.ts';

/** The requests of a job and their estimated cost. */
export interface PlannedJob {
  request: JobRequest;
  generations: PlannedGeneration[];
  /** Of the whole job; null when unknown. */
  estimate: MicrosRange | null;
}

/** What planning needs. */
export interface PlanContext {
  library: Library;
  pricing: Pricing;
  connection: Pick<JobConnection, 'server' | 'free'>;
  /** Token counts of the model's newest requests. */
  historyOf(model: string): TokenHistory | null;
}

/**
 * Plans a job. Parameters and input images are checked against the model as the server supports it.
 * @throws StudioError what `planGenerations` throws; `input-invalid` for an input image that the model does not accept. Nothing was sent
 */
export function planJob(request: JobRequest, { library, pricing, connection, historyOf }: PlanContext): PlannedJob {
  const { server, free } = connection;
  const generations = planGenerations(request, server);
  const name = request.parameters.model ?? API_DEFAULT_MODEL;
  const model = modelOnServer(name, server);
  const inputs = inputsOf(library, request);
  const format = 'output_format' in request.parameters ? request.parameters.output_format : null;
  // An input that is not in the library is reported when the job is recorded.
  if (inputs) {
    const fault = checkInputs(request.operation, inputs, model, format)[0];
    if (fault)
      throw new StudioError({
        code: 'input-invalid',
        message: notSent(fault.message),
        field: fault.field,
      });
  }
  const refusal = inputs && strictRefusal(request, inputs);
  if (refusal) throw new StudioError({ code: 'input-invalid', message: notSent(refusal), field: 'strict' });
  const settled = { ...request, parameters: generations[0]?.parameters ?? request.parameters } as JobRequest;
  const each = estimateRequest(settled, {
    model,
    ...pricesFor(settled.parameters, pricing),
    free,
    history: free ? null : historyOf(name),
    inputs: inputs ?? [],
  }).range;
  return {
    request,
    generations: generations.map((generation) => ({ ...generation, estimate: each })),
    estimate: each && { min: each.min * generations.length, max: each.max * generations.length },
  };
}

/** Why the strict mask could not be applied to what this request asks for; null if it can, or none is asked for. */
function strictRefusal(request: JobRequest, inputs: readonly InputFacts[]): string | null {
  if (request.operation !== 'edit' || !request.strict) return null;
  const first = inputs.find(({ role }) => role === 'image');
  const { size, output_format: format = null } = request.parameters;
  return first ? strictRequestProblem(first, size == null ? null : parseSize(size), format) : null;
}

/** Null when the library has not inspected one of them. */
function inputsOf({ db }: Library, request: JobRequest): InputFacts[] | null {
  if (request.operation === 'create') return [];
  const facts = request.inputs.map((input) => readInputFacts(db, input));
  return facts.every((fact) => fact !== null) ? facts : null;
}
