import { StudioError } from '../../contract/errors/errors.ts';
import { notSent } from '../../contract/errors/messages.ts';
import { STANDARD_SERVER, type Server } from '../../contract/catalogue/servers.ts';

/** The server, key and proxy of a call. */
export interface Connection {
  /** Including the version, for example `https://api.openai.com/v1`; without a query. */
  baseUrl: string;
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** How the server differs from OpenAI. */
  server: Server;
  /** Azure only: the `api-version` of the URL's query. */
  apiVersion: string | null;
  /** Azure only: deployment by model. A model without an entry is its own deployment. */
  deployments: Readonly<Record<string, string>>;
  /** URL of the HTTP proxy, which may contain user name and password, or null. */
  proxy: string | null;
}

/** Defaults for a connection of which only the base URL is known. */
export const PLAIN_CONNECTION = {
  apiKey: null,
  organisation: null,
  project: null,
  server: STANDARD_SERVER,
  apiVersion: null,
  deployments: {},
  proxy: null,
} as const satisfies Omit<Connection, 'baseUrl'>;

/** Returns the error `profile-invalid`. The message also says that nothing was sent. */
export function invalidProfile(sentence: string, cause?: unknown): StudioError {
  return new StudioError({ code: 'profile-invalid', message: notSent(sentence) }, { cause });
}
