import * as v from 'valibot';
import { NodeIdSchema, Sha256Schema } from '../../../electron/contract/entities/ids.ts';
import { InputSchema } from '../../../electron/contract/entities/requests.ts';
import { StepSchema, type Step } from '../document/step.ts';

const VERSION = 1;

/** What goes out with the image: a request carries a mask or markup, not both. */
const LAYERS = ['mask', 'markup'] as const;
export type Layer = (typeof LAYERS)[number];

const finite = v.pipe(v.number(), v.finite());
const SentStateSchema = v.object({
  node: NodeIdSchema,
  /** How many steps were in effect. */
  at: v.pipe(v.number(), v.integer()),
  /** Of the image on the stage, in its pixels. */
  frame: v.object({ left: finite, top: finite, width: finite, height: finite }),
  prompt: v.string(),
});
/** A state of the stage that can be sent. */
export type SentState = v.InferOutput<typeof SentStateSchema>;

const DraftFileSchema = v.object({
  version: v.literal(VERSION),
  /** The image of the steps tree that is on the stage. */
  node: v.fallback(NodeIdSchema, 'root' as v.InferOutput<typeof NodeIdSchema>),
  /** The other images that go out, in their order. */
  references: v.fallback(v.array(InputSchema), []),
  layer: v.fallback(v.picklist(LAYERS), 'mask'),
  /** The request's form; read by the form's own reader. */
  form: v.unknown(),
  /** Of each image: how many of its steps were taken back. */
  undone: v.fallback(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))), {}),
  /** Of each image: the file on which was drawn. An answer and what a strict mask makes of it may differ in size. */
  drawnOn: v.fallback(v.record(v.string(), Sha256Schema), {}),
  /** What was sent last, to know what is new since. */
  sent: v.fallback(v.nullable(SentStateSchema), null),
  /** The person has said that the whole image may change where nothing is marked. */
  wholeImage: v.fallback(v.boolean(), false),
  /** The image and the frame for which the form's size was chosen. */
  sizedFor: v.fallback(v.string(), ''),
});
/** A draft's document as it is kept in the library. */
export type DraftFile = v.InferOutput<typeof DraftFileSchema>;

export function writeDraftFile(file: Omit<DraftFile, 'version'>): string {
  return JSON.stringify({ version: VERSION, ...file });
}

/** Whether a newer version of Emulsion wrote it: what is in it must not be lost. */
export function isNewer(document: string): boolean {
  const stored = v.safeParse(v.object({ version: v.number() }), parse(document));
  return stored.success && stored.output.version > VERSION;
}

/** Null: it is not readable. What is missing or of the wrong kind takes its default. */
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

/** Drafts saved before `wholePicture` became `wholeImage`. */
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
