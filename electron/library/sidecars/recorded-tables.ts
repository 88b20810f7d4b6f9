/** When rows of each table get a sidecar: requests once they have ended. `at`: the time whose month is its folder. */
export const RECORDED = {
  generations: { at: 'created_at', ended: "state NOT IN ('intent', 'sent')" },
  imports: { at: 'imported_at', ended: 'TRUE' },
} as const;
export const RECORDED_TABLES = ['generations', 'imports'] as const;
export type RecordedTable = (typeof RECORDED_TABLES)[number];
