import type { Billing, ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';
import { header, type ResponseHeaders } from '../headers/response-headers.ts';
import { sanitizeText } from './redact.ts';
import { readServerErrorBody, type ServerErrorBody } from './server-error-body.ts';
import { formatWait, readRetryAfter } from '../headers/retry-after.ts';

/** What is needed to speak about a server's refusal. `body` is its text, or an object that was parsed already. */
export interface ErrorResponse {
  status: number;
  headers: ResponseHeaders;
  body: unknown;
  /** Is removed from everything that the server says. */
  apiKey: string | null;
  model?: string | null;
  /** The profile speaks Azure. */
  azure?: boolean;
  now?: number;
}

interface Classification {
  code: ErrorCode;
  /** What happened and what to do next. */
  sentence: string;
  billing?: Billing;
  field?: string;
}

/** The id by which a server's people find a request: OpenAI's, Azure's, or null. */
export function readRequestId(headers: ResponseHeaders): string | null {
  const id = header(headers, 'x-request-id') ?? header(headers, 'apim-request-id');
  return id === null ? null : id.slice(0, 200);
}

/** An HTTP answer that is a refusal (status 300 and above), as an error for a person. */
export function errorFromResponse(refusal: ErrorResponse): StudioError {
  const words = readServerErrorBody(refusal.body, refusal.apiKey);
  const server = serverDetails(words, refusal);
  return apiError({ billing: 'none', ...classify(refusal, words, server), server });
}

/** An `error` inside an answer that had begun well (status 200). By then the server has worked, so it may have been billed. */
export function errorFromAnswer(refusal: ErrorResponse): StudioError {
  const words = readServerErrorBody(refusal.body, refusal.apiKey);
  const server = serverDetails(words, refusal);
  const verdict: Classification = classifyByCode(words, refusal, server) ?? {
    code: 'server-failed',
    sentence: 'The server stopped with an error while it was working. Its own words are under Details.',
  };
  return apiError({ ...verdict, billing: 'possible', server });
}

function serverDetails(words: ServerErrorBody, refusal: ErrorResponse): ServerMessage {
  const requestId = readRequestId(refusal.headers);
  const retryAfterMs = readRetryAfter(refusal.headers, refusal.now ?? Date.now());
  return {
    status: refusal.status,
    ...words,
    ...(requestId !== null && { requestId: sanitizeText(requestId, refusal.apiKey) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

// ---------------------------------------------------------------- the verdict

function classify(refusal: ErrorResponse, words: ServerErrorBody, server: ServerMessage): Classification {
  return classifyByCode(words, refusal, server) ?? classifyByStatus(refusal, words, server);
}

/** OpenAI's, its older models', and Azure's. */
const BLOCKED = new Set([
  'moderation_blocked',
  'content_policy_violation',
  'content_filter',
  'contentFilter',
  'ResponsibleAIPolicyViolation',
]);
const NO_CREDIT = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']);
const NO_CREDIT_LEFT: Classification = {
  code: 'quota-exhausted',
  sentence:
    'The account behind this key has no credit left, or has reached its limit. Add credit or raise the limit at the provider, then try again.',
};

/** What the server's own code says, whatever the status. */
function classifyByCode(words: ServerErrorBody, refusal: ErrorResponse, server: ServerMessage): Classification | null {
  const code = words.code ?? '';
  if (BLOCKED.has(code)) {
    return {
      code: 'moderation-blocked',
      sentence:
        'The server’s safety system refused this request. Reword the prompt or choose other inputs, then try again.',
      field: 'prompt',
    };
  }
  if (NO_CREDIT.has(code) || words.type === 'insufficient_quota') return NO_CREDIT_LEFT;
  if (code === 'invalid_api_key') return keyRejected(refusal);
  if (code === 'rate_limit_exceeded') return rateLimited(server);
  if (code === 'model_not_found') return modelNotFound(refusal);
  if (code === 'DeploymentNotFound') return deploymentNotFound(refusal);
  return null;
}

function classifyByStatus(refusal: ErrorResponse, words: ServerErrorBody, server: ServerMessage): Classification {
  const { status } = refusal;
  if (status < 400) return redirected(refusal);
  if (status === 401) return keyRejected(refusal);
  if (status === 402) return NO_CREDIT_LEFT;
  if (status === 403) return forbidden(words);
  if (status === 404 || status === 405 || status === 501) return endpointNotFound(refusal.azure === true);
  if (status === 407) {
    return {
      code: 'server-unreachable',
      sentence:
        'The proxy on the way refused: it wants a name and a password, or does not take these. Check the proxy in Settings, Sending.',
    };
  }
  if (status === 413) {
    return {
      code: 'request-refused',
      sentence: 'The server says the request is too large. Use smaller or fewer input images, or a shorter prompt.',
    };
  }
  if (status === 429) return rateLimited(server);
  if (status === 408 || status >= 500) return failed(status, server);
  return refused(words, status);
}

function keyRejected(refusal: ErrorResponse): Classification {
  return refusal.apiKey === null
    ? {
        code: 'key-missing',
        sentence: 'The server asks for an API key and this profile has none. Add the key in Settings, then try again.',
      }
    : {
        code: 'key-refused',
        sentence:
          'The server does not accept this profile’s API key. Check in Settings that the key is whole, still valid and meant for this server.',
      };
}

function forbidden(words: ServerErrorBody): Classification {
  if (/organi[sz]ation/iu.test(words.message) && /verif/iu.test(words.message)) {
    return {
      code: 'organisation-unverified',
      sentence:
        'Your organisation must be verified before it may use this model. Verify it in the provider’s settings; it can take some minutes to count.',
    };
  }
  return {
    code: 'permission-denied',
    sentence:
      'This key may not do that here. Check its permissions, the organisation and the project in the profile, and whether the model is open to you.',
  };
}

function modelNotFound(refusal: ErrorResponse): Classification {
  return {
    code: 'request-refused',
    sentence: `The server does not know the model${refusal.model ? ` ${refusal.model}` : ''}, or this key may not use it. Choose another model.`,
    field: 'model',
  };
}

/** Azure: the address named a deployment that is not there. */
function deploymentNotFound(refusal: ErrorResponse): Classification {
  const model = refusal.model ? ` for the model ${refusal.model}` : '';
  return {
    code: 'request-refused',
    sentence: `Azure has no deployment of that name${model}. Enter the name of the deployment in the profile; one that was just made takes some minutes.`,
    field: 'model',
  };
}

function endpointNotFound(azure: boolean): Classification {
  if (azure) {
    return {
      code: 'endpoint-missing',
      sentence:
        'Azure has nothing at this address. Check the base URL, the kind of server and the api-version of the profile: an old one does not know every operation.',
    };
  }
  return {
    code: 'endpoint-missing',
    sentence:
      'The server has nothing at this address. Check the base URL of the profile, which usually ends in /v1, and whether the server offers this operation.',
  };
}

function redirected(refusal: ErrorResponse): Classification {
  const target = header(refusal.headers, 'location');
  const to =
    target === null ? '' : ` to ${sanitizeText(target.replace(/[?#].*$/su, ''), refusal.apiKey).slice(0, 200)}`;
  return {
    code: 'endpoint-missing',
    sentence: `The server redirects${to}. Emulsion does not follow, so that your key goes nowhere else. Put the final address into the profile’s base URL.`,
    // "See Other" tells where the result of what was done lies; the others tell where to ask instead.
    ...(refusal.status === 303 && { billing: 'possible' }),
  };
}

function rateLimited(server: ServerMessage): Classification {
  const wait = server.retryAfterMs === undefined ? 'in a minute' : `in ${formatWait(server.retryAfterMs)}`;
  return {
    code: 'rate-limited',
    sentence: `The server has had too many requests from this account. Try again ${wait}.`,
  };
}

function failed(status: number, server: ServerMessage): Classification {
  const gateway = status === 504 || status === 524 || status === 408;
  const wait = server.retryAfterMs === undefined ? 'in a while' : `in ${formatWait(server.retryAfterMs)}`;
  return {
    code: 'server-failed',
    sentence: gateway
      ? `The server, or a gateway before it, gave up waiting (${status}). The image may still have been made. Try again ${wait}, perhaps with a lower quality.`
      : `The server failed (${status}). Try again ${wait}.`,
    billing: 'possible',
  };
}

function refused(words: ServerErrorBody, status: number): Classification {
  const about = words.param === null ? '' : ` because of “${words.param}”`;
  // FastAPI's list names the parameter before its fault, and the sentence has just named it.
  const message = words.param === null ? words.message : withoutStart(words.message, `${words.param}: `);
  const said = message === '' ? ` (${status}).` : `: ${shorten(message)}`;
  return {
    code: 'request-refused',
    sentence: `The server refused the request${about}${said} Change it and try again.`,
    ...(words.param !== null && { field: words.param }),
  };
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}

/** A server's message, short enough to stand inside a sentence of ours, which it ends. */
function shorten(message: string): string {
  const line = message.replace(/\s+/gu, ' ');
  const short = line.length > 300 ? `${line.slice(0, 299)}…` : line;
  return /[.…]$/u.test(short) ? short : `${short}.`;
}
