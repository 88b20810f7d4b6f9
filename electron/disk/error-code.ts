/** The system's name for a failure, for instance `ENOSPC` (SQLite's names, `SQLITE_CORRUPT`, too); '' for anything else. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
