import type { StudioError } from '../../contract/errors/errors.ts';
import { header, type ResponseHeaders } from '../headers/response-headers.ts';
import { apiError } from './api-error.ts';
import { sanitizeText } from './redact.ts';
import { pageText } from './server-error-body.ts';

interface Challenge {
  by: string;
  /** A response header, and what it contains. */
  header?: readonly [name: string, value: RegExp];
  /** Of the page. */
  page?: RegExp;
}

/** Services that answer in place of a server, to check for a person or to enforce a rule. */
const CHALLENGES: readonly Challenge[] = [
  { by: 'Cloudflare', header: ['cf-mitigated', /challenge|block/iu] },
  {
    by: 'Cloudflare',
    page: /_cf_chl_opt|<title>\s*Just a moment|Attention Required! \| Cloudflare|error code: 10(?:0[5-9]|1[0-5]|20)\b/iu,
  },
  { by: 'AWS WAF', header: ['x-amzn-waf-action', /./u], page: /awsWafCookieDomainList|token\.awswaf\.com/u },
  {
    by: 'Akamai',
    page: /errors\.edgesuite\.net|<title>\s*Access Denied\s*<\/title>[^]{0,2000}Reference\s*(?:#|&#35;)/iu,
  },
  { by: 'Imperva', page: /_Incapsula_Resource|Incapsula incident ID|Powered by Imperva/iu },
  { by: 'DataDome', header: ['x-datadome', /./u], page: /captcha-delivery\.com|geo\.captcha-delivery/iu },
  { by: 'Sucuri', header: ['x-sucuri-block', /./u], page: /Sucuri WebSite Firewall/iu },
  { by: 'HUMAN', page: /px-captcha|_pxAppId/u },
  { by: 'F5', page: /The requested URL was rejected\. Please consult with your administrator/iu },
  { by: 'Fortinet', page: /FortiGuard|FortiGate|fgt_lang/u },
  { by: 'Zscaler', page: /zscaler/iu },
  { by: 'Vercel', header: ['x-vercel-mitigated', /./u], page: /Vercel Security Checkpoint/iu },
];

const MAX_PAGE = 64 * 1024;

/** The service that answered in place of the server, or null. @param body as text; anything else is no page */
export function challengeBy(headers: ResponseHeaders, body: unknown): string | null {
  const page = typeof body === 'string' ? body.slice(0, MAX_PAGE) : '';
  const isPage = isWebPage(page) || /^\s*error code: 1\d\d\d\s*$/u.test(page);
  const found = CHALLENGES.find(
    ({ header: sign, page: words }) =>
      (sign && sign[1].test(header(headers, sign[0]) ?? '')) || (isPage && words?.test(page)),
  );
  return found?.by ?? null;
}

/** Whether a body is a web page. */
export function isWebPage(body: unknown): boolean {
  return (
    typeof body === 'string' &&
    /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|script|title)\b/iu.test(
      body.slice(0, 4096),
    )
  );
}

/** The error of a page in place of a response with status 2xx; null if the page isn't known. It never reached the server. */
export function challengeInAnswer(response: {
  status: number;
  headers: ResponseHeaders;
  apiKey: string | null;
  body: string;
}): StudioError | null {
  const by = challengeBy(response.headers, response.body);
  if (by === null) return null;
  const server = { status: response.status, message: sanitizeText(pageText(response.body), response.apiKey) };
  return apiError({ code: 'blocked-in-between', detail: { kind: 'challenged', by }, billing: 'none', server });
}
