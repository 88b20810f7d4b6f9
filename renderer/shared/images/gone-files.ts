/** Questions at a time. A browser has six connections to a host, and what is on the screen needs them more. */
const LIMIT = 2;

interface Question {
  src: string;
  answer: (gone: boolean) => void;
}

/** Finds out for images that couldn't be loaded whether their files are there. */
class GoneFiles {
  readonly #waiting = new Set<Question>();
  #running = 0;

  /**
   * Asks whether an image's file isn't there, rather than being there and unreadable.
   * @returns what takes the question back, because the image has left the screen
   */
  ask(src: string, answer: (gone: boolean) => void): () => void {
    let wanted = true;
    const question = { src, answer: (gone: boolean) => (wanted ? answer(gone) : undefined) };
    this.#waiting.add(question);
    this.#start();
    return () => {
      wanted = false;
      this.#waiting.delete(question);
    };
  }

  #start(): void {
    for (const question of this.#waiting) {
      if (this.#running >= LIMIT) return;
      this.#waiting.delete(question);
      void this.#run(question);
    }
  }

  async #run({ src, answer }: Question): Promise<void> {
    this.#running += 1;
    answer(await isFileGone(src));
    this.#running -= 1;
    this.#start();
  }
}

async function isFileGone(src: string): Promise<boolean> {
  try {
    const { ok, headers } = await fetch(src, { method: 'HEAD', cache: 'no-store', priority: 'low' });
    // Another type is an answer about something else.
    return !ok || !/^(?:image\/|application\/octet-stream)/u.test(headers.get('content-type') ?? '');
  } catch {
    return true;
  }
}

/** The page's instance. */
export const goneFiles = new GoneFiles();
