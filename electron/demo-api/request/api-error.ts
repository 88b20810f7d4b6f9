import type { OutgoingHttpHeaders } from 'node:http';

/** An error response in the API's shape: `{"error": {"message", "type", "param", "code"}}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: OutgoingHttpHeaders;

  constructor(
    status: number,
    message: string,
    more: { type?: string; code?: string; param?: string; headers?: OutgoingHttpHeaders; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.status = status;
    this.type = more.type ?? 'invalid_request_error';
    this.code = more.code ?? null;
    this.param = more.param ?? null;
    this.headers = more.headers ?? {};
  }

  get body(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

/** Returns a 400 about one parameter. */
export function invalidValue(param: string, message: string, code = 'invalid_value'): ApiError {
  return new ApiError(400, message, { code, param });
}

export function unknownParameter(param: string): ApiError {
  return invalidValue(param, `Unknown parameter: '${param}'.`, 'unknown_parameter');
}

/** The client disconnected before its request was complete; no response is sent. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientDisconnected';
}
