import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { ComparedSide } from '../../stage/compare/Comparison.svelte.ts';
import { formatPercent } from '../../shared/format/percent.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { shapeOf } from '../../state/image-flaws.ts';
import { imageName, stillVariant } from '../../state/image-urls.ts';

/** Which result is shown: the masked result, the original response, or a heat map of the differences. */
const RESULT_VIEWS = ['recomposited', 'raw', 'heat'] as const;
export type ResultView = (typeof RESULT_VIEWS)[number];

/** An image of the tree and its source. */
export interface ReviewSubject {
  image: Image;
  /** "Celadon". */
  name: string;
  /** The source image, as it was sent. */
  before: InputImage;
  /** "Original". */
  beforeName: string;
  /** Sent with a mask that was not strict: the mask can still be applied. */
  loose?: boolean;
}

/** The results that can be shown of an image; without a mask only the original response. */
export function resultViewsOf({ strict }: Image): readonly ResultView[] {
  if (!strict) return ['raw'];
  return strict.state === 'done' ? RESULT_VIEWS : ['raw', 'heat'];
}

/** `wanted` if it can be shown, or else the first result that can. */
export function availableResultView(image: Image, wanted: ResultView): ResultView {
  const shows = resultViewsOf(image);
  return shows.includes(wanted) ? wanted : (shows[0] ?? 'raw');
}

/** The two sides of the comparison. */
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
  const { width, height } = shapeOf(image);
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

/** How much changed outside the mask: a figure, with text before and after it. */
export interface ChangeSummary {
  before: string;
  figure: string;
  behind: string;
}

/** The change summary of the result shown; null without a mask, or if nothing is known. */
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
