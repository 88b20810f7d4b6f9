import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { formatPercent } from '../../shared/format/percent.ts';
import type { RecordRow } from '../../record/record-row.ts';
import { strictResultOf } from '../model/StrictView.svelte.ts';

/** The rows of *Mask*; [] for an image created without one. */
export function strictRows(record: ImageRecord): RecordRow[] {
  const { generation } = record;
  if (!generation?.inputs.some(({ role }) => role === 'mask')) return [];
  const options = record.strict ?? generation.strict;
  if (options === null) return [{ label: 'Strict mask', value: 'Off' }];
  const feather = options.feather === 0 ? 'no feather' : `feather ${options.feather} px`;
  const made = strictResultOf(record);
  const on: RecordRow = { label: 'Strict mask', value: `On, ${feather}` };
  if (made === null) return [{ ...on, hint: record.strict ? 'not applied' : 'in progress' }];
  const rows: RecordRow[] = [on];
  if (made.outside === 0) rows.push({ label: 'Outside', value: 'Nothing: the mask covers the whole image' });
  else
    rows.push(
      { label: 'Outside', value: `0 of ${formatCount(made.outside)} pixels changed` },
      {
        label: 'Original response',
        value: 'Kept',
        hint: `${formatPercent(made.visible, made.outside)} of it visibly changed`,
      },
    );
  if (made.width !== record.width || made.height !== record.height)
    rows.push({
      label: 'Scaled',
      value: `${made.width} × ${made.height}`,
      hint: `received ${record.width} × ${record.height}`,
    });
  return rows;
}
