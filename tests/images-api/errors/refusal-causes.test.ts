import { describe, expect, test } from 'vitest';
import type { ErrorDetail } from '../../../electron/contract/errors/details.ts';
import type { Billing, ErrorCode } from '../../../electron/contract/errors/errors.ts';
import { errorFromAnswer, errorFromResponse } from '../../../electron/images-api/errors/server-errors.ts';
import { startRecordingServer } from '../../fakes/recording-server.ts';
import { attempt, KEY } from '../test-calls.ts';

/* Why a server refused, by codes and words of OpenAI, Azure and other providers, with any status. */

const responseOf = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  apiKey: KEY,
  model: 'gpt-image-2',
});
const refuse = (...response: Parameters<typeof responseOf>) => errorFromResponse(responseOf(...response)).report;
const error = (message: string, code: unknown = null, type: string | null = null): object => ({
  error: { message, type, code, param: null },
});

type Kind = ErrorDetail['kind'];
const CAUSES: [status: number[], body: unknown, code: ErrorCode, kind: Kind][] = [
  // Credit
  [
    [400, 402, 403, 429, 500],
    error('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[403, 429], error('用户额度不足', 'insufficient_user_quota', 'new_api_error'), 'quota-exhausted', 'quota-exhausted'],
  [
    [403, 500],
    error('预扣费额度失败', 'pre_consume_token_quota_failed', 'one_api_error'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [
    [400],
    error('Billing hard limit has been reached', 'billing_hard_limit_reached'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[402], error('Insufficient Balance', 'invalid_request_error'), 'quota-exhausted', 'quota-exhausted'],
  [
    [402, 403],
    { error: { message: 'Insufficient credits. Add more using https://openrouter.ai/credits', code: 402 } },
    'quota-exhausted',
    'quota-exhausted',
  ],
  [
    [403],
    { code: 30001, message: 'Sorry, your account balance is insufficient', data: null },
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[429], { error: { code: '1113', message: '您的账户已欠费，请充值后重试。' } }, 'quota-exhausted', 'quota-exhausted'],
  [
    [403],
    error('The request failed because your account has an overdue balance.', 'AccountOverdueError', 'Forbidden'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [
    [400],
    {
      code: 'Arrearage',
      message: 'Access denied, please make sure your account is in good standing.',
      request_id: 'x',
    },
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[400, 429], error('Budget has been exceeded!', '400', 'budget_exceeded'), 'quota-exhausted', 'quota-exhausted'],
  [
    [429],
    error('Your account is suspended due to insufficient balance', null, 'exceeded_current_quota_error'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[402], '', 'quota-exhausted', 'quota-exhausted'],
  // Relays send an empty or "None" parameter with every error.
  [
    [403],
    { error: { message: '该令牌额度已用尽', type: 'one_api_error', param: '', code: '' } },
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[401], { error: { message: 'ExceededBudget: over budget', param: 'None' } }, 'quota-exhausted', 'quota-exhausted'],
  [
    [403],
    error('Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys'),
    'quota-exhausted',
    'quota-exhausted',
  ],
  [[403], { detail: 'User is locked. Reason: Exhausted balance.' }, 'quota-exhausted', 'quota-exhausted'],
  [[403], { error: 'Your newly created team doesn’t have any credits yet.' }, 'quota-exhausted', 'quota-exhausted'],
  [
    [429],
    {
      error: {
        message: 'Provider returned error',
        code: 429,
        metadata: { raw: '{"error":{"message":"Check your plan","code":"insufficient_quota"}}' },
      },
    },
    'quota-exhausted',
    'quota-exhausted',
  ],
  // Country
  [
    [403],
    error('Country, region, or territory not supported', 'unsupported_country_region_territory', 'request_forbidden'),
    'region-unsupported',
    'region-unsupported',
  ],
  [
    [400],
    { error: { code: 400, message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' } },
    'region-unsupported',
    'region-unsupported',
  ],
  [[403], error('This model is not available in your region.'), 'region-unsupported', 'region-unsupported'],
  [[451], '', 'region-unsupported', 'region-unsupported'],
  [[403], error('您所在的地区暂不支持使用该模型'), 'region-unsupported', 'region-unsupported'],
  // Moderation
  [
    [403],
    { error: { code: 403, message: 'Forbidden', metadata: { reasons: ['violence'], flagged_input: 'a' } } },
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [403],
    error('Your chosen model requires moderation and your input was flagged'),
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [424],
    { error: [{ message: 'Prompt blocked due to security configurations' }] },
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [400],
    error('user sensitive words detected', 'sensitive_words_detected'),
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [403],
    { name: 'content_moderation', errors: ['Your request was flagged by moderation'] },
    'moderation-blocked',
    'moderation-blocked',
  ],
  // What was typed may be quoted.
  [[400], error('Bad prompt "no credits left in my country"', 'invalid_prompt'), 'request-refused', 'request-refused'],
  [
    [400, 403],
    error('Rejected.', 'moderation_blocked', 'image_generation_user_error'),
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [400],
    error(
      'The request failed because the output image may contain sensitive information.',
      'OutputImageSensitiveContentDetected',
    ),
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [400],
    { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' },
    'moderation-blocked',
    'moderation-blocked',
  ],
  [
    [400],
    { error: { code: '1301', message: '系统检测到输入或生成内容可能包含不安全或敏感内容' } },
    'moderation-blocked',
    'moderation-blocked',
  ],
  [[403], error('Your input was flagged by moderation for violence.'), 'moderation-blocked', 'moderation-blocked'],
  // Key
  [[401, 403], error('Incorrect API key provided: sk-abc***xyz', 'invalid_api_key'), 'key-refused', 'key-refused'],
  [[401], error('Invalid Authentication', null, 'invalid_authentication_error'), 'key-refused', 'key-refused'],
  [[403], error('无效的令牌', null, 'new_api_error'), 'key-refused', 'key-refused'],
  [
    [400],
    { error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } },
    'key-refused',
    'key-refused',
  ],
  [[401], error('该令牌已过期', null, 'new_api_error'), 'key-refused', 'key-refused'],
  [
    [401, 403],
    error('The OpenAI account associated with this API key has been deactivated.', 'account_deactivated'),
    'key-refused',
    'key-refused',
  ],
  [[400], { code: 'InvalidApiKey', message: 'Invalid API-key provided.' }, 'key-refused', 'key-refused'],
  // Organisation
  [
    [403],
    error('Your organization must be verified to use the model `gpt-image-2`.'),
    'organisation-unverified',
    'organisation-unverified',
  ],
  [[400, 403], error('Verify', 'organization_not_verified'), 'organisation-unverified', 'organisation-unverified'],
  // Model and permission
  [
    [403],
    error('Project `proj_x` does not have access to model `gpt-image-2`', 'model_not_found'),
    'request-refused',
    'model-unknown',
  ],
  [
    [403],
    error('Project `proj_x` does not have access to the model `gpt-image-2`'),
    'request-refused',
    'model-unknown',
  ],
  [
    [503],
    error('当前分组 default 下对于模型 gpt-image-2 无可用渠道', null, 'new_api_error'),
    'request-refused',
    'model-unknown',
  ],
  [
    [403],
    error('You have insufficient permissions for this operation. Missing scopes: api.model.images.request.'),
    'permission-denied',
    'permission-denied',
  ],
  [
    [403],
    error('Access denied due to Virtual Network/Firewall rules.', '403'),
    'permission-denied',
    'network-not-allowed',
  ],
  [
    [401],
    error('Your IP address is not authorized for this project', 'ip_not_authorized'),
    'permission-denied',
    'network-not-allowed',
  ],
];

describe('an error response is told by its cause', () => {
  test.each(
    CAUSES.flatMap(([statuses, body, code, kind]) => statuses.map((status) => [status, body, code, kind] as const)),
  )('%d %j', (status, body, code, kind) => {
    const report = refuse(status, body);
    expect(report).toMatchObject({ code, billing: 'none', detail: { kind } });
    expect(report.message).toMatch(/ Not billed\.$/u);
  });

  test('a disabled and an expired key are told apart', () => {
    expect(refuse(401, error('x', 'account_deactivated')).message).toContain('is disabled');
    expect(refuse(401, error('该令牌已过期')).message).toContain('has expired');
    expect(refuse(401, error('The token has expired', 'token_expired')).message).toContain('has expired');
  });

  test.each([
    [
      400,
      { error: { message: 'Invalid prompt: “a banker with insufficient balance”', param: 'prompt' } },
      'request-refused',
    ],
    [400, error('The image must be a PNG.'), 'request-refused'],
    [404, error('There is no model endpoint at this address'), 'endpoint-missing'],
    [429, error('Rate limit reached for images per minute', 'rate_limit_exceeded', 'requests'), 'rate-limited'],
    [429, error('Too many requests', 'quota_exceeded'), 'rate-limited'],
    [500, error('The server had an error'), 'server-failed'],
    [502, '<html><title>502 Bad Gateway</title><center>cloudflare</center></html>', 'server-failed'],
  ])('others stay what they are: %d %j', (status, body, code) => expect(refuse(status, body).code).toBe(code));
});

describe('a page in place of the server', () => {
  test.each([
    [403, { 'cf-mitigated': 'challenge' }, '<!DOCTYPE html><html><title>Just a moment...</title>', 'Cloudflare'],
    [503, {}, '<!DOCTYPE html><html><head><title>Just a moment...</title><script>window._cf_chl_opt={}', 'Cloudflare'],
    [403, {}, '<html><title>Attention Required! | Cloudflare</title>', 'Cloudflare'],
    [403, {}, 'error code: 1020', 'Cloudflare'],
    [
      403,
      {},
      "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>You don't have permission. Reference&#32;&#35;18.7&#46;5 https&#58;//errors.edgesuite.net/18",
      'Akamai',
    ],
    [
      403,
      {},
      '<html><head></head><body><iframe src="/_Incapsula_Resource?x"></iframe>Incapsula incident ID: 5</body></html>',
      'Imperva',
    ],
    [405, { 'x-amzn-waf-action': 'captcha' }, '<html>', 'AWS WAF'],
    [403, { 'x-datadome': 'protected' }, '{"url":"https://geo.captcha-delivery.com"}', 'DataDome'],
    [
      403,
      {},
      '<html><title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator.',
      'F5',
    ],
    [403, {}, '<html><title>Web Filter</title>FortiGuard Intrusion Prevention', 'Fortinet'],
    [403, {}, '<!-- proxy --><html><title>Sign in to continue</title>', null],
    [511, {}, '<html><title>Log in to the network</title>', null],
  ])('%d %j %s', (status, headers, body, by) => {
    const report = refuse(status, body, headers);
    expect(report).toMatchObject({ code: 'blocked-in-between', billing: 'none', detail: { kind: 'challenged', by } });
    expect(report.message).toMatch(/ Not billed\.$/u);
  });

  test('also with status 200, without a charge', async () => {
    const body =
      '<!DOCTYPE html><html><head><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>';
    const server = await startRecordingServer({ headers: { 'content-type': 'text/html' }, body });
    const { error: report } = await attempt(server.baseUrl);
    await server.close();
    expect(report).toMatchObject({ code: 'blocked-in-between', billing: 'none', detail: { by: 'Cloudflare' } });
    expect(server.requests).toHaveLength(1);
  });
});

describe('an error with status 200', () => {
  const ANSWERS: [body: object, code: ErrorCode, billing: Billing, message: string][] = [
    [{ success: false, msg: 'insufficient balance', code: 1001 }, 'quota-exhausted', 'none', 'insufficient balance'],
    [
      { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
      'quota-exhausted',
      'none',
      'insufficient balance',
    ],
    [
      { code: 1002, msg: 'the drawing service is asleep', data: null },
      'server-failed',
      'possible',
      'the drawing service is asleep',
    ],
    [{ error: { message: 'Rejected', code: 'moderation_blocked' } }, 'moderation-blocked', 'possible', 'Rejected'],
    [{ status: 'error', error_message: 'No worker is free' }, 'server-failed', 'possible', 'No worker is free'],
    [{ errcode: 7, errmsg: 'bad day' }, 'server-failed', 'possible', 'bad day'],
    [
      { ResponseMetadata: { Error: { Code: 'AccountOverdueError', Message: 'Pay first' } } },
      'quota-exhausted',
      'none',
      'Pay first',
    ],
    [
      { Response: { Error: { Code: 'FailedOperation', Message: 'It failed' } } },
      'server-failed',
      'possible',
      'It failed',
    ],
    [{ success: false, message: '无效的令牌' }, 'key-refused', 'none', '无效的令牌'],
    [
      { errors: [{ message: 'Country, region, or territory not supported' }] },
      'region-unsupported',
      'none',
      'Country, region, or territory not supported',
    ],
  ];

  test.each(ANSWERS)('%j', async (body, code, billing, message) => {
    const server = await startRecordingServer({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { error: report } = await attempt(server.baseUrl);
    await server.close();
    expect(report).toMatchObject({ code, billing, server: { message } });
    if (code === 'server-failed') expect(report?.message).toContain(`The server answered with an error: ${message}.`);
    expect(server.requests).toHaveLength(1);
  });

  test('in a stream may have been billed', () => {
    const response = responseOf(200, error('no', 'insufficient_quota'), { 'content-type': 'text/event-stream' });
    expect(errorFromAnswer(response).report).toMatchObject({ code: 'quota-exhausted', billing: 'possible' });
  });
});
