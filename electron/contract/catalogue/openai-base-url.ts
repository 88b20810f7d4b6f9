/** Base URL of OpenAI's Images API, the default of new profiles. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';
