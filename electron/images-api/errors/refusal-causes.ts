import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { ErrorCode } from '../../contract/errors/errors.ts';
import type { ServerErrorBody } from './server-error-body.ts';

/*
 * Why a server refused, by its own error code or words. OpenAI's codes and those of common gateways and providers, which also send them
 * with statuses 200, 400, 429 and 500. Second-hand facts of November 2026.
 */

/** What a detail needs to know about the request. */
export interface RefusedRequest {
  hasKey: boolean;
  model: string | null;
}

interface RefusalCause {
  code: ErrorCode;
  detail: (request: RefusedRequest) => ErrorDetail;
  field?: string;
  /** Of the error's `code` or `type`, in lower case, letters and digits only. */
  codes: RegExp;
  /** Of the message, where there is no such code. */
  words: RegExp;
  /** The server refused before it processed anything, so nothing was billed, also within a response of status 200. */
  isBefore: boolean;
}

const KEY: Pick<RefusalCause, 'code' | 'isBefore'> = { code: 'key-refused', isBefore: true };

/** The first row that fits counts. */
const CAUSES: readonly RefusalCause[] = [
  {
    code: 'moderation-blocked',
    detail: () => ({ kind: 'moderation-blocked' }),
    field: 'prompt',
    codes:
      /moderation|contentpolicy|contentfilter|responsibleaipolicy|sensitivecontent|datainspectionfailed|safetysystem|safetyviolation|unsafecontent|promptblocked|policyviolation|sensitivewords?|riskdetection|^(?:1301|1026|1027)$/u,
    words:
      /(?:rejected|blocked|refused|flagged)[^.]{0,60}(?:safety system|content (?:policy|filter)|moderation)|content policy violation|(?:input|prompt|image|request|content) (?:was|has been|is) flagged|moderation and your input|sensitive (?:words?|content|information)|(?:prompt|request) (?:was |is )?blocked|failed the safety|safety check|敏感(?:内容|词)|内容(?:审核|安全)/iu,
    isBefore: false,
  },
  {
    code: 'region-unsupported',
    detail: () => ({ kind: 'region-unsupported' }),
    codes:
      /unsupportedcountry|unsupportedregion|unsupportedlocation|(?:country|region|location)(?:is)?(?:not|un)(?:supported|allowed|available)|geoblocked/u,
    words:
      /country, region,? or territory|(?:not|isn.t|is un) ?(?:available|supported) in your (?:country|region|location)|(?:country|region|user location)[^.]{0,40}(?:is not|isn.t|not) (?:supported|available|allowed)|access from your (?:country|region)[^.]{0,20} is (?:restricted|blocked|denied)|(?:暂)?不支持(?:您|你)?(?:所在)?的?(?:国家|地区)|(?:国家|地区)(?:暂)?不(?:受|被)?支持/iu,
    isBefore: true,
  },
  {
    code: 'organisation-unverified',
    detail: () => ({ kind: 'organisation-unverified' }),
    codes:
      /(?:organi[sz]ation|org|account)(?:mustbe|isnot|not|un)verified|unverified(?:organi[sz]ation|account)|verificationrequired/u,
    words: /(?:organi[sz]ation|account)[^.]{0,60}(?:must be|not|needs? to be|be) verified|实名认证/iu,
    isBefore: true,
  },
  {
    code: 'quota-exhausted',
    detail: () => ({ kind: 'quota-exhausted' }),
    codes:
      /insufficient(?:user|account|token|api)?(?:quota|balance|credits?|funds?)|(?:balance|credits?|quota)(?:is)?(?:not|in)?(?:enough|sufficient|exhausted|depleted)|notenough(?:balance|credits?|quota)|outofcredits?|billing(?:hard|soft)?limit|billingnotactive|billingerror|accountoverdue|arrearage|exceededcurrentquota|currentquotaexceeded|quotaexceeded$|paymentrequired|budgetexceeded|(?:spend|spending|credit)limit|preconsumetokenquotafailed|freetieronly|setlimitexceeded|inarrears|keylimitexceeded|^(?:1113|30001|1008)$/u,
    words:
      /insufficient (?:[\w-]+ ){0,2}(?:balance|credits?|funds?|quota)|(?:balance|credits?|quota) (?:is |are )?(?:insufficient|exhausted|depleted|not enough|too low)|(?:exhausted|insufficient|used up|out of|exceeded)[^.]{0,40} (?:balance|credits?|budget|free quota|call volume quota|free allocation)|exceededbudget|have any credits|key limit exceeded|requires (?:more credits|billing)|(?:not enough|out of|no) (?:[\w-]+ )?credits?\b|exceeded your current quota|billing hard limit|payment required|余额不足|额度(?:不足|已用尽|已用完)|账户?(?:已)?欠费|余额(?:已)?用尽/iu,
    isBefore: true,
  },
  {
    ...KEY,
    detail: () => ({ kind: 'key-refused', why: 'expired' }),
    codes: /(?:key|token|credentials?)(?:is|has)?expired|expired(?:api)?(?:key|token)/u,
    words:
      /(?:key|token|credentials?)[^.]{0,40} (?:has |is |have )?expired|expired (?:api )?(?:key|token)|(?:令牌|密钥)已?过期/iu,
  },
  {
    ...KEY,
    detail: () => ({ kind: 'key-refused', why: 'disabled' }),
    codes:
      /(?:key|token|account|user|organi[sz]ation)(?:is|was|has(?:been)?)?(?:disabled|deactivated|revoked|suspended|banned|blocked|terminated)|(?:disabled|revoked)(?:api)?(?:key|token)/u,
    words:
      /(?:key|token|account|organi[sz]ation)[^.]{0,40} (?:disabled|deactivated|revoked|suspended|banned|leaked)|(?:令牌|密钥|账户|用户)[^。]{0,8}(?:禁用|封禁|停用|不可用)/iu,
  },
  {
    code: 'permission-denied',
    detail: () => ({ kind: 'network-not-allowed' }),
    codes:
      /ip(?:address)?(?:is)?not(?:authori[sz]ed|allowed|whitelisted)|ip(?:address)?(?:restricted|blocked|denied)|unauthori[sz]edip/u,
    words:
      /\bIP(?: address)?\b[^.]{0,60}(?:not (?:allowed|authori[sz]ed|permitted|whitelisted|in the)|blocked|denied)|virtual network\/firewall|private endpoint|IP.{0,12}(?:白名单|不在)/iu,
    isBefore: true,
  },
  {
    code: 'request-refused',
    detail: ({ model }) => ({ kind: 'deployment-unknown', model }),
    field: 'model',
    codes: /^deploymentnotfound$/u,
    words: /(?!)/u,
    isBefore: true,
  },
  {
    code: 'request-refused',
    detail: ({ model }) => ({ kind: 'model-unknown', model }),
    field: 'model',
    codes:
      /^(?:modelnotfound|modelnotexist|modelnotavailable|modelnotsupported|nosuchmodel|unknownmodel|modelnotopen|accessdeniedunpurchased|modelaccessdenied|keymodelaccessdenied|invalidendpointormodelnotfound)/u,
    words:
      /not have access to (?:the )?model|(?:key|token) (?:is )?not allowed to access model|(?:token|key) has no access to model|invalid model name|is not a valid model|^model (?:does not exist|disabled|access denied)|无权访问模型|model [^\s]{1,100} (?:does not exist|(?:is |was )?not (?:found|available))|no available channels? for model|无可用渠道|模型[^。]{0,40}不存在/iu,
    isBefore: true,
  },
  {
    code: 'key-refused',
    detail: ({ hasKey }) => (hasKey ? { kind: 'key-refused' } : { kind: 'key-missing' }),
    codes:
      /^(?:invalid|incorrect|wrong|bad)(?:api)?(?:key|token|credentials?)|^(?:api)?(?:key|token)(?:not)?(?:valid|invalid)|invalidauthentication|^authentication(?:error|failed)$|^unauthori[sz]ed$|^unauthenticated$|^missing(?:api)?key$/u,
    words:
      /(?:incorrect|invalid|wrong)[^.]{0,20}(?:api.?key|access token|credentials?)|api.?key (?:is )?(?:not valid|invalid|incorrect)|(?:no|missing|provide an?) api.?key|^authentication error$|carry the API secret key|无效的(?:令牌|密钥|API)|未提供(?:令牌|密钥)/iu,
    isBefore: true,
  },
];

export interface Refusal extends Pick<RefusalCause, 'code' | 'field' | 'isBefore'> {
  detail: ErrorDetail;
}

/**
 * Returns why a server refused, or null if its code and words don't say.
 * @param readsWords also by the message. Not for a complaint about a parameter, which may quote the prompt
 */
export function refusalOf(body: ServerErrorBody, request: RefusedRequest, readsWords: boolean): Refusal | null {
  const codes = [body.code, body.type].map((code) => (code ?? '').toLowerCase().replace(/[^a-z0-9]/gu, ''));
  const cause =
    CAUSES.find((row) => codes.some((code) => code !== '' && row.codes.test(code))) ??
    (readsWords ? CAUSES.find(({ words }) => words.test(body.message)) : undefined);
  if (!cause) return null;
  const detail = cause.detail(request);
  const code = detail.kind === 'key-missing' ? 'key-missing' : cause.code;
  return { code, detail, isBefore: cause.isBefore, ...(cause.field !== undefined && { field: cause.field }) };
}
