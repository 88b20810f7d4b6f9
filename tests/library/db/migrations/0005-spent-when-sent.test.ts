import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { canvas } from '../../../../electron/library/db/migrations/0004-canvas.ts';
import { initial } from '../../../../electron/library/db/migrations/0001-initial.ts';
import { moneyBatchesInputs } from '../../../../electron/library/db/migrations/0002-money-batches-inputs.ts';
import { repeats } from '../../../../electron/library/db/migrations/0003-repeats.ts';
import { spentWhenSent } from '../../../../electron/library/db/migrations/0005-spent-when-sent.ts';
import { migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { spentBetween } from '../../../../electron/library/jobs/spending.ts';
import { emptyFolder } from '../../test-library.ts';

it('a library of version 4 keeps its costs, and each counts when it was sent', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  const former = [initial, moneyBatchesInputs, repeats, canvas];
  migrate(db, former);
  const id = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
  db.exec(`INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES ('${id(1)}', 'done', '{}', 'p', 'u', 10);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, sent_at, billing, cost)
      VALUES ('${id(2)}', '${id(1)}', 0, 'edit', 'done', 'm', 'p', 1, '{}', 10, 30, 'billed', 7),
        ('${id(3)}', '${id(1)}', 1, 'edit', 'done', 'm', 'p', 1, '{}', 10, NULL, 'billed', 5);`);
  migrate(db, [...former, spentWhenSent]);
  expect(spentBetween(db, { from: 0, to: 20 })).toBe(5);
  expect(spentBetween(db, { from: 20, to: 40 })).toBe(7);
});
