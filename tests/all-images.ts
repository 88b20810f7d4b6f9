import type { ViewQuestion } from '../electron/contract/entities/views.ts';

/** The question for all images, newest first, without groups. */
export const ALL_IMAGES: ViewQuestion = {
  query: '',
  sort: { by: 'date', descending: true },
  grouping: 'none',
  stacking: 'none',
  place: 'library',
};
