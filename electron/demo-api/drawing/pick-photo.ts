import { countMatches, findColour } from './prompt-words.ts';
import { randomBetween, type Random } from './random.ts';
import { SUBJECTS, type Photo, type Subject } from './subjects.ts';

/** Returns the subjects named by the prompt, those with most matching words first, then by position; [] if no word is known. */
export function subjectsIn(words: readonly string[]): Subject[] {
  const first = (subject: Subject): number => {
    const place = words.findIndex((word) => countMatches([word], subject.words) > 0);
    return place < 0 ? words.length : place;
  };
  return SUBJECTS.map((subject) => ({ subject, hits: countMatches(words, subject.words), first: first(subject) }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || a.first - b.first)
    .map(({ subject }) => subject);
}

/** Returns the subject named by the prompt, otherwise a random one among those accepted by `fits`. */
export function pickSubject(
  words: readonly string[],
  random: Random,
  fits: (subject: Subject) => boolean = () => true,
): Subject {
  const spoken = subjectsIn(words).find(fits);
  if (spoken) return spoken;
  const suitable = SUBJECTS.filter(fits);
  const picked = suitable[Math.floor(random() * suitable.length)];
  if (!picked) throw new Error('No subject suits.');
  return picked;
}

/** Returns the photo of a subject that best matches the prompt, then the frame's shape, then randomly. */
export function pickPhoto(subject: Subject, words: readonly string[], ratio: number, random: Random): Photo | null {
  const colour = findColour(words)?.name;
  const rated = subject.photos.map((photo) => ({
    photo,
    score:
      3 * countMatches(words, photo.tags) +
      (colour !== undefined && photo.tags.includes(colour) ? 2 : 0) -
      Math.abs(Math.log(photo.ratio / ratio)) +
      randomBetween(random, 0, 1.1),
  }));
  return rated.sort((a, b) => b.score - a.score)[0]?.photo ?? null;
}
