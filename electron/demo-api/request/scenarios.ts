import { ApiError } from './api-error.ts';

/** How a response fails after it has begun. */
export type ResponseDamage = 'cut' | 'cut-json' | 'garbage' | 'empty' | 'error-in-stream';

/** How a response is replaced or changed. All fields are optional; none set: a normal response. */
export interface Scenario {
  /** Responds with an error. */
  refuse?: () => ApiError;
  /** Responds with something other than JSON, as a gateway does. */
  page?: { status: number; body: string };
  /** Never responds. */
  silent?: true;
  /** Duration in seconds, independent of the pace. */
  seconds?: number;
  damage?: ResponseDamage;
}

const limits = (reset: string) => ({
  'retry-after': '2',
  'x-ratelimit-limit-requests': '5',
  'x-ratelimit-remaining-requests': '0',
  'x-ratelimit-reset-requests': reset,
});

/**
 * Faults on demand, for tests and trials. Chosen, in this order, by the header `x-demo-scenario`, by `[demo:slow]` and the like in the
 * prompt, or for all requests by a server option.
 */
const SCENARIOS = {
  slow: { seconds: 20 },
  silent: { silent: true },
  'rate-limited': {
    refuse: () =>
      new ApiError(429, 'Rate limit reached for images per minute: limit 5, used 5. Try again in 2s.', {
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        headers: limits('2s'),
      }),
  },
  quota: {
    refuse: () =>
      new ApiError(429, 'You exceeded your current quota, please check your plan and billing details.', {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
  },
  moderation: {
    refuse: () =>
      new ApiError(400, 'Your request was rejected by the safety system. safety_violations=[violence].', {
        type: 'image_generation_user_error',
        code: 'moderation_blocked',
      }),
  },
  unverified: {
    refuse: () =>
      new ApiError(
        403,
        'Your organization must be verified to use this model. Go to the organization settings and click on Verify Organization.',
      ),
  },
  'server-error': {
    refuse: () =>
      new ApiError(500, 'The server had an error while processing your request.', {
        type: 'server_error',
        code: 'server_error',
      }),
  },
  html: {
    page: {
      status: 502,
      body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n',
    },
  },
  /** The connection closes in the middle of an image. */
  cut: { damage: 'cut' },
  /** The same for a response without a stream: its JSON is truncated. */
  'cut-json': { damage: 'cut-json' },
  /** Invalid characters in the base64. */
  garbage: { damage: 'garbage' },
  /** A valid response without images. */
  empty: { damage: 'empty' },
  /** A partial image, then an error event in the stream; without a stream a 500. */
  'error-in-stream': { damage: 'error-in-stream' },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** Returns the scenario of a request. @throws ApiError for an unknown name */
export function pickScenario(header: string | undefined, prompt: string, fallback: ScenarioName | null): Scenario {
  const name = header ?? /\[demo:([a-z-]+)\]/u.exec(prompt)?.[1] ?? fallback;
  if (name === null) return {};
  if (!isScenario(name)) {
    throw new ApiError(
      400,
      `There is no scenario '${name.slice(0, 40)}'. There are ${Object.keys(SCENARIOS).join(', ')}.`,
      { code: 'unknown_scenario' },
    );
  }
  return SCENARIOS[name];
}
