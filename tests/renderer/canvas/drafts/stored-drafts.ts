import type { DraftHead, StoredDraft } from '../../../../electron/contract/entities/drafts.ts';
import type { DraftId, ImageId, NodeId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import type { Step } from '../../../../renderer/canvas/document/step.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';

export const DRAFT = '0190a000-0000-7000-8000-000000000001' as DraftId;
export const ROOT = 'root' as NodeId;

/** An input; a letter from a to f makes it another one. */
export function input(letter: string, change: Partial<InputImage> = {}): InputImage {
  return {
    sha256: letter.repeat(64) as Sha256,
    image: null,
    name: `Image ${letter}`,
    format: 'png',
    bytes: 1,
    width: 20,
    height: 10,
    orientation: 1,
    frames: 1,
    hasAlpha: false,
    thumbhash: null,
    changes: [],
    ...change,
  };
}

/** Marks a column of ten pixels. */
export function column(left: number): Step {
  const rect = { left, top: 0, width: 1, height: 10 };
  return { layer: 'mask', name: `Rectangle ${left}`, op: { kind: 'rectangle', combine: 'add', rect } };
}

/** A library that keeps drafts and steps, and knows some inputs and what images are as inputs. `full`: its disk takes nothing more. */
export function keptDrafts(inputs: readonly InputImage[], images: Record<string, () => InputImage> = {}) {
  const heads = new Map<DraftId, StoredDraft>();
  const steps = new Map<string, string[]>();
  const state = { full: false };
  const refused = { refusal: { code: 'disk-full', message: 'The disk is full.', billing: 'none' } };
  const placeOf = ({ draftId, node }: { draftId: DraftId; node: NodeId }): string => `${draftId} ${node}`;
  const scripted = scriptedStudio({
    'drafts.list': () => [...heads.values()],
    'drafts.save': (head: DraftHead) => {
      if (state.full) return refused;
      heads.set(head.id, { ...head, createdAt: heads.get(head.id)?.createdAt ?? heads.size + 1, updatedAt: 1 });
      return heads.get(head.id);
    },
    'drafts.remove': ({ draftId }: { draftId: DraftId }) => void heads.delete(draftId),
    'drafts.getSteps': (key: { draftId: DraftId; node: NodeId }) => steps.get(placeOf(key)) ?? [],
    'drafts.saveSteps': (change: { draftId: DraftId; node: NodeId; from: number; steps: string[] }) => {
      if (state.full || !heads.has(change.draftId)) return refused;
      const kept = steps.get(placeOf(change)) ?? [];
      steps.set(placeOf(change), [...kept.slice(0, change.from), ...change.steps]);
      return null;
    },
    'drafts.listJobs': () => [],
    'inputs.get': ({ inputs: wanted }: { inputs: Sha256[] }) => inputs.filter(({ sha256 }) => wanted.includes(sha256)),
    'inputs.fromImage': ({ imageId }: { imageId: ImageId }) => images[imageId]?.(),
  });
  const stepsOf = (node: NodeId): string[] => steps.get(`${DRAFT} ${node}`) ?? [];
  const putStepsOf = (draftId: DraftId, node = ROOT): string[] => steps.get(placeOf({ draftId, node })) ?? [];
  const putSteps = (node: NodeId, lines: string[]): void => void steps.set(`${DRAFT} ${node}`, lines);
  const putStepsFor = (draftId: DraftId, lines: string[]): void =>
    void steps.set(placeOf({ draftId, node: ROOT }), lines);
  return { ...scripted, heads, stepsOf, putStepsOf, putSteps, putStepsFor, state };
}
