/** Where OpenAI itself serves the Images API; the address that everything begins with. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';
