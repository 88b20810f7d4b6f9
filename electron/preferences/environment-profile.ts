import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { cleanApiKey } from '../contract/rules/typed-connection.ts';
import { OPENAI_BASE_URL } from '../contract/catalogue/openai-base-url.ts';
import { checkBaseUrl } from './base-url.ts';
import { checkApiKey } from './api-key.ts';

/** Server settings from the environment variables of OpenAI's own tools. */
export interface EnvironmentProfile {
  apiKey: string;
  /** '' if `fault` is set: an invalid URL may contain a password and isn't shown. */
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  /** Azure only; null if the variable isn't set. */
  apiVersion: string | null;
  /** Why the profile can't be used; thrown on use, not at startup. Null if it can. */
  fault: StudioError | null;
}

/** Returns the profile from OPENAI_API_KEY and related variables, or null if no key is set. Never throws. */
export function readEnvironment(environment: Record<string, string | undefined>): EnvironmentProfile | null {
  const value = (name: string): string | null => environment[name]?.trim() || null;
  const typed = value('OPENAI_API_KEY');
  if (typed === null) return null;
  // The cleaned key is what is sent and what is removed from a server's text.
  const apiKey = cleanApiKey(typed) || typed;
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

/** @throws `profile-invalid` for text that an HTTP header can't carry */
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
