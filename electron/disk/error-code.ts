/** The system's error code, such as `ENOSPC` or SQLite's `SQLITE_CORRUPT`; '' for anything else. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
