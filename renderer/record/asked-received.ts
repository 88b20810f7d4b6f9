import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import type { CreateParameters, EditParameters } from '../../electron/contract/catalogue/parameters.ts';
import { parameterName, parameterValueLabel } from '../state/parameter-labels.ts';

/** A value that isn't the one that was asked for. `auto` leaves it to the server, so that nothing differs from it. */
interface Difference {
  field: string;
  asked: string;
  received: string;
}

/** What was asked for and not received: size, quality, format, background. */
function differences({ generation, width, height, format }: ImageRecord): Difference[] {
  if (generation === null) return [];
  const sent = generation.parameters as Partial<CreateParameters & EditParameters>;
  const { quality, background } = generation.answer ?? {};
  const pairs: [field: string, asked: string | null | undefined, received: string | undefined][] = [
    ['size', sent.size, width > 0 && height > 0 ? `${width}x${height}` : undefined],
    ['quality', sent.quality, quality],
    ['output_format', sent.output_format, format],
    ['background', sent.background, background],
  ];
  return pairs.flatMap(([field, asked, received]) =>
    asked == null || asked === 'auto' || received === undefined || asked === received
      ? []
      : [{ field, asked, received }],
  );
}

/** One line on what differs from the request; '' if nothing does. */
export function differencesSentence(record: ImageRecord, prompt: string): string {
  const parts = differences(record).map(
    ({ field, asked, received }) =>
      `${parameterName(field).toLowerCase()} ${parameterValueLabel(field, received)} instead of ${parameterValueLabel(field, asked)}`,
  );
  const revised =
    record.revisedPrompt !== null && prompt !== '' && record.revisedPrompt.trim() !== prompt.trim()
      ? 'The server revised the prompt.'
      : '';
  const received = parts.length > 0 ? `Received ${parts.join(', ')}.` : '';
  return [received, revised].filter(Boolean).join(' ');
}
