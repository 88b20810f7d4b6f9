import { describe, expect, test } from 'vitest';
import type { ImageId, NodeId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import { readDraftFile, readSteps, writeDraftFile, writeStep } from '../../../../renderer/canvas/drafts/draft-file.ts';
import type { Step } from '../../../../renderer/canvas/document/step.ts';

const FILE = {
  node: '0190a000-0000-7000-8000-000000000001' as NodeId,
  references: [{ role: 'image' as const, sha256: 'a'.repeat(64) as Sha256, image: null as ImageId | null }],
  layer: 'markup' as const,
  form: { prompt: 'a glaze' },
  undone: { root: 2 },
  drawnOn: { root: 'b'.repeat(64) as Sha256 },
  wholeImage: true,
  sizedFor: 'root',
  sent: { node: 'root' as NodeId, at: 3, frame: { left: 0, top: 0, width: 20, height: 10 }, prompt: 'a glaze' },
};
const STROKE: Step = {
  layer: 'mask',
  name: 'Brush',
  op: { kind: 'stroke', combine: 'add', size: 40, softness: 0.5, points: [1, 2, 1, 3.5, 4, 0.25] },
};
const FRAME: Step = { layer: 'frame', name: 'Extend', before: null, after: { left: 0, top: 0, width: 20, height: 10 } };

describe('a stored draft', () => {
  test('is read as it was written', () => {
    expect(readDraftFile(writeDraftFile(FILE))).toEqual({ version: 1, ...FILE });
  });

  test('keeps its stored key for the permission to change the whole image', () => {
    const stored: unknown = JSON.parse(writeDraftFile(FILE));
    expect(stored).toHaveProperty('wholePicture', true);
    expect(stored).not.toHaveProperty('wholeImage');
  });

  test('of a newer version, or of another format, is null', () => {
    expect(readDraftFile(JSON.stringify({ ...FILE, version: 2 }))).toBeNull();
    expect(readDraftFile('{"version":')).toBeNull();
    expect(readDraftFile('null')).toBeNull();
  });

  test('with a damaged part keeps the other parts', () => {
    const read = readDraftFile(JSON.stringify({ version: 1, ...FILE, node: '../../etc', undone: { root: -1 } }));
    expect(read).toMatchObject({ node: 'root', undone: {}, layer: 'markup', wholeImage: true });
  });
});

describe('stored steps', () => {
  test('are read as they were written', () => {
    expect(readSteps([STROKE, FRAME].map(writeStep))).toEqual({ steps: [STROKE, FRAME], unreadable: 0 });
  });

  test('end before one that cannot be read: later steps depend on it', () => {
    const lines = [writeStep(STROKE), '{"layer":"mask","op":{"kind":"smudge"}}', writeStep(FRAME)];
    expect(readSteps(lines)).toEqual({ steps: [STROKE], unreadable: 2 });
  });
});
