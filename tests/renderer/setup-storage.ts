import { afterEach } from 'vitest';

// The test files share the browser's storage: a click that one of them leaves without an answer is no click of the next one.
afterEach(() => {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith('emulsion.submission.')) storage.removeItem(key);
  }
});
