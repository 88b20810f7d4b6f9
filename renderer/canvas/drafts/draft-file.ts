import * as v from 'valibot';
import { NodeIdSchema, Sha256Schema } from '../../../electron/contract/entities/ids.ts';
import { InputSchema } from '../../../electron/contract/entities/requests.ts';
import { StepSchema, type Step } from '../document/step.ts';

const VERSION = 1;

/** The layer that is sent with the image: a mask or marks, not both. */
const LAYERS = ['mask', 'markup'] as const;
export type Layer = (typeof LAYERS)[number];

const finite = v.pipe(v.number(), v.finite());
const SentStateSchema = v.object({
  node: NodeIdSchema,
  /** Number of steps in effect. */
  at: v.pipe(v.number(), v.integer()),
  /** In pixels of the image on the stage. */
  frame: v.object({ left: finite, top: finite, width: finite, height: finite }),
  prompt: v.string(),
});
/** The state of the stage when it is sent. */
export type SentState = v.InferOutput<typeof SentStateSchema>;

const DraftFileSchema = v.object({
  version: v.literal(VERSION),
  /** The image on the stage: its node in the tree. */
  node: v.fallback(NodeIdSchema, 'root' as v.InferOutput<typeof NodeIdSchema>),
  /** The references, in order. */
  references: v.fallback(v.array(InputSchema), []),
  layer: v.fallback(v.picklist(LAYERS), 'mask'),
  /** The request form; validated by the form's own reader. */
  form: v.unknown(),
  /** Number of undone steps, by node. */
  undone: v.fallback(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))), {}),
  /** The file that was drawn on, by node: an original response and its masked result may differ in size. */
  drawnOn: v.fallback(v.record(v.string(), Sha256Schema), {}),
  /** The state that was sent last. */
  sent: v.fallback(v.nullable(SentStateSchema), null),
  /** The person allows the whole image to change without a mask. */
  wholeImage: v.fallback(v.boolean(), false),
  /** The image and frame that the form's size was chosen for. */
  sizedFor: v.fallback(v.string(), ''),
});
/** A draft's document as it is stored in the library. */
export type DraftFile = v.InferOutput<typeof DraftFileSchema>;

export function writeDraftFile({ wholeImage, ...file }: Omit<DraftFile, 'version'>): string {
  return JSON.stringify({ version: VERSION, ...file, wholePicture: wholeImage });
}

/** Whether a newer version of Emulsion wrote the document: it must not be overwritten. */
export function isNewer(document: string): boolean {
  const stored = v.safeParse(v.object({ version: v.number() }), parse(document));
  return stored.success && stored.output.version > VERSION;
}

/** Reads a stored document; null if it is not readable. Missing or invalid parts take their defaults. */
export function readDraftFile(document: string): DraftFile | null {
  const stored = v.safeParse(DraftFileSchema, withPresentNames(parse(document)));
  return stored.success ? stored.output : null;
}

export function writeStep(step: Step): string {
  return JSON.stringify(step);
}

/**
 * Reads stored steps up to the first that is damaged or unknown. Those after it depend on it, so they are not read either.
 * @returns the steps that were read, and how many lines were not
 */
export function readSteps(lines: readonly string[]): { steps: Step[]; unreadable: number } {
  const steps: Step[] = [];
  for (const line of lines) {
    const step = v.safeParse(StepSchema, parse(line));
    if (!step.success) break;
    steps.push(step.output);
  }
  return { steps, unreadable: lines.length - steps.length };
}

/** Maps stored keys to those of the code: `wholeImage` is stored as `wholePicture`. */
function withPresentNames(file: unknown): unknown {
  if (typeof file !== 'object' || file === null || !('wholePicture' in file)) return file;
  return { wholeImage: file.wholePicture, ...file };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
