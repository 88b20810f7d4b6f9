import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { ComparedSide } from '../../stage/compare/Comparison.svelte.ts';
import { formatPercent } from '../../shared/format/percent.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { imageName, stillVariant } from '../../state/image-urls.ts';

/** What of an answer is looked at: laid over the first image through the mask, as it came, or where it differs. */
const RESULT_VIEWS = ['recomposited', 'raw', 'heat'] as const;
export type ResultView = (typeof RESULT_VIEWS)[number];

/** An image of the tree against the one that it was made from. */
export interface ReviewSubject {
  image: Image;
  /** "Celadon". */
  name: string;
  /** The image that was sent, as it went out: an input. */
  before: InputImage;
  /** "Original". */
  beforeName: string;
  /** It went out with a mask that was not strict: the answer can still be laid over the first image through it. */
  loose?: boolean;
}

/** What can be shown of an image; only the answer itself where there was no mask. */
export function resultViewsOf({ strict }: Image): readonly ResultView[] {
  if (!strict) return ['raw'];
  return strict.state === 'done' ? RESULT_VIEWS : ['raw', 'heat'];
}

/** What is shown where `wish` cannot be. */
export function availableResultView(image: Image, wanted: ResultView): ResultView {
  const shows = resultViewsOf(image);
  return shows.includes(wanted) ? wanted : (shows[0] ?? 'raw');
}

/** Before and after, ready to be compared. */
export function sidesOf(subject: ReviewSubject, wanted: ResultView, host: HostInfo): [ComparedSide, ComparedSide] {
  const { before, beforeName, image, name } = subject;
  const { width, height, thumbhash, hasAlpha: alpha } = before;
  const src = `${host.imageBase}/input/${before.sha256}`;
  const first = { src, width, height, thumbhash, alpha, label: beforeName, alt: `Before: ${beforeName}` };
  return [
    first,
    {
      ...afterOf(subject, availableResultView(image, wanted), host),
      alt: `After: ${imageName(image)}`,
      label: labelOf(name, availableResultView(image, wanted)),
    },
  ];
}

function afterOf(
  { before, image }: ReviewSubject,
  show: ResultView,
  host: HostInfo,
): Omit<ComparedSide, 'alt' | 'label'> {
  const { strict, thumbhash, hasAlpha: alpha } = image;
  const { width, height } = image;
  if (show === 'heat') {
    const { width: across, height: down } = strict?.state === 'done' ? strict : before;
    return {
      src: `${host.imageBase}/heat/${image.id}`,
      width: across,
      height: down,
      thumbhash: null,
      alpha: false,
    };
  }
  if (show === 'recomposited' && strict?.state === 'done') {
    const src = `${host.imageBase}/input/${strict.sha256}`;
    return { src, width: strict.width, height: strict.height, thumbhash, alpha: strict.hasAlpha };
  }
  return { src: `${host.imageBase}/${stillVariant(image)}/${image.id}`, width, height, thumbhash, alpha };
}

function labelOf(name: string, show: ResultView): string {
  return show === 'recomposited' ? name : `${name}, ${show === 'raw' ? 'original response' : 'heat map'}`;
}

/** How much outside the mask is not as it was: a figure, with words before and behind it. */
export interface ChangeSummary {
  before: string;
  figure: string;
  behind: string;
}

/** Of what is shown. Null where there was no mask, or nothing is known. */
export function changeSummary({ strict }: Image, show: ResultView): ChangeSummary | null {
  if (strict?.state !== 'done') return null;
  const { outside, visible, changed } = strict;
  if (outside === 0) return { before: '', figure: 'Whole image', behind: 'masked' };
  if (show === 'recomposited')
    return { before: 'Outside the mask', figure: `0 of ${formatCount(outside)}`, behind: 'pixels changed' };
  const any = changed === visible ? '' : `, ${formatPercent(changed, outside)} in total`;
  const behind = `of pixels outside the mask visibly changed${any}`;
  return { before: '', figure: formatPercent(visible, outside), behind };
}
