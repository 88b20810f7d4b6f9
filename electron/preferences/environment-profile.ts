import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { OPENAI_BASE_URL } from '../contract/catalogue/openai-base-url.ts';
import { checkBaseUrl } from './base-url.ts';
import { checkApiKey } from './api-key.ts';

/** What the environment says about a server, by the names that OpenAI's own tools read. */
export interface EnvironmentProfile {
  apiKey: string;
  /** '' where `fault` is set: a wrong address may hold a password and is not shown. */
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  /** Azure only; null where the variable is not set. */
  apiVersion: string | null;
  /** Why nothing can be sent with it; thrown when it is used, not at the start. */
  fault: StudioError | null;
}

/** The profile that OPENAI_API_KEY and its kin make, or null where no key is set. Never throws. */
export function readEnvironment(environment: Record<string, string | undefined>): EnvironmentProfile | null {
  const value = (name: string): string | null => environment[name]?.trim() || null;
  const apiKey = value('OPENAI_API_KEY');
  if (apiKey === null) return null;
  const profile = {
    apiKey,
    baseUrl: '',
    organisation: value('OPENAI_ORG_ID'),
    project: value('OPENAI_PROJECT_ID'),
    apiVersion: value('OPENAI_API_VERSION'),
    fault: null,
  };
  try {
    named('OPENAI_API_KEY', () => checkApiKey(apiKey));
    for (const name of ['OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_API_VERSION'])
      named(name, () => checkHeaderText(value(name)));
    return {
      ...profile,
      baseUrl: named('OPENAI_BASE_URL', () => checkBaseUrl(value('OPENAI_BASE_URL') ?? OPENAI_BASE_URL)),
    };
  } catch (thrown) {
    if (thrown instanceof StudioError) return { ...profile, fault: thrown };
    throw thrown;
  }
}

/** Throws `profile-invalid` for text that a header cannot carry. */
export function checkHeaderText(text: string | null): void {
  if (text !== null && !/^[\x20-\x7e]*$/u.test(text)) {
    throw new StudioError({
      code: 'profile-invalid',
      message: 'It contains a character that can’t be sent in a request.',
    });
  }
}

function named<T>(variable: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof StudioError)) throw cause;
    const message = notSent(`The environment variable ${variable} can’t be used. ${cause.message}`);
    throw new StudioError({ code: 'profile-invalid', message }, { cause });
  }
}
