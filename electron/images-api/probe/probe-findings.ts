import type { Finding, ImageField } from '../../contract/catalogue/servers.ts';
import type { ProbeResponse } from './probe-requests.ts';
import type { ServerErrorBody } from '../errors/server-error-body.ts';

/** A finding about a server, with the reason shown to the user. */
export interface FindingWithReason {
  finding: Finding;
  value?: ImageField;
  why: string;
}

const MISSING =
  /missing|required|requires|must (?:be )?(?:provide|include|contain|specif|have|given|set|non-?empty)|not provided|at least one|cannot be empty|is empty|may not be (?:null|blank)|should not be empty/iu;
/** Codes of a 404 that concerns a model and not the endpoint. */
const ABOUT_A_MODEL = new Set(['model_not_found', 'DeploymentNotFound']);

/** Whether an endpoint exists, from its response to an empty request. */
export function endpointFinding({ status, words }: ProbeResponse): FindingWithReason {
  const why = explain(status, words);
  if (status >= 200 && status < 300)
    return { finding: 'no', why: `It returned a web page: ${words.message}`.slice(0, 200) };
  if (ABOUT_A_MODEL.has(words.code ?? '')) return { finding: 'unknown', why };
  if (status === 404 || status === 405 || status === 501) return { finding: 'no', why };
  const complains =
    words.param !== null || MISSING.test(words.message) || /\b(?:prompt|images?)\b/iu.test(words.message);
  if (status >= 400 && status < 500 && status !== 401 && status !== 403 && status !== 429 && complains)
    return { finding: 'yes', why };
  return { finding: 'unknown', why };
}

/** Whether an error says that an image is missing. */
export function reportsMissingImage({ message, param }: ServerErrorBody): boolean {
  if (!MISSING.test(message)) return false;
  return /^images?(?:\[\])?$/iu.test(param ?? '') || /\bimages?\b/iu.test(message);
}

/**
 * Which field name a server reads images from, by which forms it rejected because an image was missing.
 * @param unnamed whether it reports a missing image for a form without one; otherwise its errors prove nothing
 * @param missed the same for a form with one image as `image`, one as `image[]`, and two as `image[]`
 */
export function imageFieldFinding(
  unnamed: boolean,
  missed: { image?: boolean; 'image[]'?: boolean; two?: boolean },
): FindingWithReason {
  const { image: one, 'image[]': list, two } = missed;
  if (!unnamed) return { finding: 'unknown', why: 'Its errors don’t show whether it received an image.' };
  if (one && list) return { finding: 'unknown', why: 'It reads an image under neither name.' };
  if (one) return { finding: 'yes', value: 'image[]', why: 'It reads “image[]”, not “image”.' };
  if (!list) return { finding: 'yes', value: 'counted', why: 'It reads “image” and “image[]”.' };
  if (two === false)
    return { finding: 'yes', value: 'counted', why: 'It reads one image as “image” and several as “image[]”.' };
  return { finding: 'yes', value: 'image', why: 'It reads “image”, not “image[]”.' };
}

function explain(status: number, { message }: ServerErrorBody): string {
  const line = message.replace(/\s+/gu, ' ').trim();
  return (line === '' ? `${status}` : `${status}: ${line}`).slice(0, 200);
}
