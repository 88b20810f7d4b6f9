import { v7 as uuid } from 'uuid';
import type { GenerationId } from '../contract/entities/ids.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import { StudioError, type ErrorCode } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import type { MicrosRange } from '../contract/entities/money.ts';
import { omitUnsupportedParameters } from '../contract/rules/omit-parameters.ts';
import { API_DEFAULT_MODEL, checkParameters, promptFault, type Problem } from '../contract/rules/parameter-rules.ts';
import { modelOnServer, type Server } from '../contract/catalogue/servers.ts';

/** One planned request: its parameters and its number of images. */
export interface PlannedGeneration {
  id: GenerationId;
  parameters: JobRequest['parameters'];
  n: number;
  /** Estimated cost in micros; null when unknown. */
  estimate: MicrosRange | null;
}

/**
 * Returns one planned generation for each POST. A streamed response has one image [`reference`: "With `stream` only 1 works"], so n images
 * with streaming become n requests; without streaming, as for every GIF and SVG, one request asks for all.
 * @throws StudioError `prompt-empty`, `prompt-too-long`, `parameter-invalid`, with the field at fault; nothing was sent
 */
export function planGenerations(request: JobRequest, server: Server): PlannedGeneration[] {
  const { sent } = omitUnsupportedParameters(request.operation, request.parameters, server);
  const problem = checkParameters(request.operation, sent, server)[0];
  if (problem) throw refusal(problem, sent, server);

  const n = sent.n ?? 1;
  const streams = 'stream' in sent && sent.stream === true;
  if (!streams) return [{ id: uuid() as GenerationId, parameters: sent, n, estimate: null }];
  return Array.from({ length: n }, () => ({
    id: uuid() as GenerationId,
    parameters: { ...sent, n: 1 },
    n: 1,
    estimate: null,
  }));
}

function refusal(problem: Problem, parameters: JobRequest['parameters'], server: Server): StudioError {
  let code: ErrorCode = 'parameter-invalid';
  if (problem.field === 'prompt' && 'prompt' in parameters) {
    const fault = promptFault(parameters.prompt, modelOnServer(parameters.model ?? API_DEFAULT_MODEL, server));
    if (fault === 'empty') code = 'prompt-empty';
    if (fault === 'too-long') code = 'prompt-too-long';
  }
  return new StudioError({ code, message: notSent(problem.message), field: problem.field });
}
