import type { Model } from '../catalogue/models.ts';
import type { Operation, ParameterName, Parameters } from '../catalogue/parameters.ts';
import { STANDARD_SERVER, modelOnServer, type Server } from '../catalogue/servers.ts';
import { API_DEFAULT_MODEL, formatLabel, PARAMETERS_OF, type ParameterValues } from './parameter-rules.ts';

/** A parameter that is set but won't be sent, with the reason. */
export interface OmittedParameter {
  field: ParameterName;
  reason: string;
}

/**
 * Returns the parameters without those that the operation, server, model or format doesn't support, and the list of what was removed.
 * Null and undefined parameters are never sent and never listed.
 */
export function omitUnsupportedParameters<P extends Parameters>(
  operation: Operation,
  parameters: P,
  server: Server = STANDARD_SERVER,
): { sent: P; omitted: OmittedParameter[] } {
  const model = modelOnServer(parameters.model ?? API_DEFAULT_MODEL, server);
  const sent: Record<string, unknown> = {};
  const omitted: OmittedParameter[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value == null) continue;
    const field = name as ParameterName;
    const reason = reasonToOmit({ operation, field, values: parameters as ParameterValues, model, server });
    if (reason === null) sent[field] = value;
    else omitted.push({ field, reason });
  }
  return { sent: sent as P, omitted };
}

interface OmitCheck {
  operation: Operation;
  field: ParameterName;
  values: ParameterValues;
  model: Model;
  server: Server;
}

const OPERATION_OMIT_REASONS: Readonly<Record<Operation, string>> = {
  create: 'supported by edits only',
  edit: 'not supported by edits',
  variation: 'not supported by variations',
};

/** Why a parameter is omitted, or null if it's sent. General reasons take precedence over specific ones. */
function reasonToOmit({ operation, field, values, model, server }: OmitCheck): string | null {
  if (!PARAMETERS_OF[operation].has(field)) return OPERATION_OMIT_REASONS[operation];
  return server.never[field] ?? modelReason(field, model, server) ?? formatReason(field, values);
}

function modelReason(field: ParameterName, model: Model, server: Server): string | null {
  switch (field) {
    case 'quality':
      return model.qualities.length === 0 ? `${model.name} has one quality` : null;
    case 'background':
      return model.backgrounds.length === 0 ? `${model.name} has one background` : null;
    case 'output_format':
    case 'output_compression':
      return model.formats.length < 2 ? `${model.name} has one format` : null;
    case 'stream':
    case 'partial_images':
      if (model.streaming) return null;
      return server.streaming ? `${model.name} doesn’t stream` : 'this server doesn’t stream';
    case 'moderation':
      return model.moderation ? null : `not supported by ${model.name}`;
    case 'complexity':
      return model.complexity ? null : `not supported by ${model.name}`;
    case 'input_fidelity':
      return model.fidelity.length > 0 ? null : `${model.name} always uses high fidelity`;
    case 'style':
      return model.style ? null : 'supported by dall-e-3 only';
    case 'response_format':
      return model.responseFormat ? null : `${model.name} always returns base64`;
    case 'frame_count':
    case 'frame_duration_ms':
      return model.gif ? null : `${model.name} doesn’t support GIF`;
    case 'svg':
      return model.svg ? null : `${model.name} doesn’t support SVG`;
    default:
      return null;
  }
}

/** GIF and SVG can't be streamed or compressed [`resources/images.d.ts` of `openai` 7.57.0]. */
function formatReason(field: ParameterName, values: ParameterValues): string | null {
  const format = values.output_format ?? 'png';
  const whole = format === 'gif' || format === 'svg';
  switch (field) {
    case 'output_compression':
      if (format === 'jpeg' || format === 'webp') return null;
      return format === 'png' ? 'PNG is lossless' : `${formatLabel(format)} has no compression setting`;
    case 'stream':
      return whole ? `${formatLabel(format)} isn’t streamed` : null;
    case 'partial_images':
      if (whole) return `${formatLabel(format)} isn’t streamed`;
      return values.stream ? null : 'only while streaming';
    case 'frame_count':
    case 'frame_duration_ms':
      return format === 'gif' ? null : 'only for GIF';
    case 'svg':
      return format === 'svg' ? null : 'only for SVG';
    default:
      return null;
  }
}
