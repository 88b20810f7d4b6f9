import { StudioError } from '../../contract/errors/errors.ts';
import { notSent } from '../../contract/errors/messages.ts';
import { STANDARD_SERVER, type Server } from '../../contract/catalogue/servers.ts';

/** Where a call goes and on whose account. */
export interface Connection {
  /** Up to and with the version, for instance `https://api.openai.com/v1`; without a query. */
  baseUrl: string;
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** How the server differs from the contract. */
  server: Server;
  /** Azure only: goes into the address. */
  apiVersion: string | null;
  /** Azure deployments only: the deployment for a model; one without is its own. */
  deployments: Readonly<Record<string, string>>;
  /** The HTTP proxy to go through, with name and password as in an address, or null. */
  proxy: string | null;
}

/** What a connection is of which nothing more is known than its address. */
export const PLAIN_CONNECTION = {
  apiKey: null,
  organisation: null,
  project: null,
  server: STANDARD_SERVER,
  apiVersion: null,
  deployments: {},
  proxy: null,
} as const satisfies Omit<Connection, 'baseUrl'>;

/** A profile that cannot be used as it is. The sentence is completed: nothing was sent. */
export function invalidProfile(sentence: string, cause?: unknown): StudioError {
  return new StudioError({ code: 'profile-invalid', message: notSent(sentence) }, { cause });
}
