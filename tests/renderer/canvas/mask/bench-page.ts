import { MaskEngine } from '../../../../renderer/canvas/mask/MaskEngine.ts';
import type { MaskOperation } from '../../../../renderer/canvas/mask/operations/mask-operation.ts';
import { MaskOverlay } from '../../../../renderer/canvas/mask/overlay/MaskOverlay.ts';
import { exportMask } from '../../../../renderer/canvas/mask/files/export-mask.ts';
import { packBits } from '../../../../renderer/canvas/mask/pixels/bits.ts';
import type { Camera, View } from '../../../../renderer/stage/camera.ts';
import type { Size } from '../../../../renderer/stage/geometry.ts';

/** What `npm run bench -- brush` and `-- mask` run in the browser; tests/bench builds it and calls it by name. */
const SIZE: Size = { width: 3840, height: 2160 };
const VIEW: View = { width: 1400, height: 800, dpr: 1 };
const CAMERA: Camera = { scale: 0.35, centre: { x: 1920, y: 1080 } };
const LOOK = { colour: '#f0953a', opacity: 0.26 };
const MOVES = 60;
const WARM_UP = 4;
const BRUSH = { combine: 'add' as const, size: 96, softness: 0.2 };

/** One way to draw: `move` brings the stroke to a place and the view up to date. */
interface Painter {
  move(x: number, y: number): void;
}

function viewCanvas({ width, height }: Size): { canvas: HTMLCanvasElement; settle: () => void } {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.style.width = `${VIEW.width}px`;
  document.body.replaceChildren(canvas);
  // A canvas puts off what it is told; whoever reads a pixel waits until it is done.
  return { canvas, settle: () => void canvas.getContext('2d')?.getImageData(0, 0, 1, 1) };
}

/**
 * The two simple ways: the mask as a canvas of the image's size, drawn anew at every move, whole. `overlay`: with its colour and hatch
 * onto another one of that size, which the page scales. `view`: onto one as large as the view, in its colour alone.
 */
function naive(kind: 'overlay' | 'view'): Painter {
  const target = viewCanvas(kind === 'overlay' ? SIZE : VIEW);
  const mask = Object.assign(document.createElement('canvas'), SIZE).getContext('2d');
  const shown = target.canvas.getContext('2d');
  if (!mask || !shown) throw new Error('There is no canvas.');
  Object.assign(mask, { lineWidth: BRUSH.size, lineCap: 'round', strokeStyle: LOOK.colour });
  const hatch = hatchFor(shown);
  const { width, height } = target.canvas;
  let last: [number, number] | null = null;
  return {
    move: (x, y) => {
      mask.beginPath();
      mask.moveTo(...(last ?? [x, y]));
      mask.lineTo(x, y);
      mask.stroke();
      last = [x, y];
      shown.clearRect(0, 0, width, height);
      shown.globalAlpha = LOOK.opacity;
      if (kind === 'view') shown.drawImage(mask.canvas, 28, 22, SIZE.width * CAMERA.scale, SIZE.height * CAMERA.scale);
      else {
        shown.drawImage(mask.canvas, 0, 0);
        shown.globalCompositeOperation = 'source-atop';
        shown.fillStyle = hatch;
        shown.fillRect(0, 0, width, height);
        shown.globalCompositeOperation = 'source-over';
      }
      target.settle();
    },
  };
}

function hatchFor(context: CanvasRenderingContext2D): CanvasPattern {
  const tile = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
  const lines = tile.getContext('2d');
  const pattern = context.createPattern(tile, 'repeat');
  if (!lines || !pattern) throw new Error('There is no pattern.');
  Object.assign(lines, { strokeStyle: LOOK.colour, lineWidth: 6 });
  lines.stroke(new Path2D('M-10 10 L10 -10 M0 40 L40 0 M30 50 L50 30'));
  return context.createPattern(tile, 'repeat') ?? pattern;
}

function ours(engine: MaskEngine): Painter {
  const { canvas, settle } = viewCanvas(VIEW);
  const overlay = new MaskOverlay(canvas);
  overlay.draw(engine, CAMERA, VIEW, LOOK);
  const stroke = engine.begin(BRUSH);
  return {
    move: (x, y) => {
      overlay.draw(engine, CAMERA, VIEW, { ...LOOK, part: stroke.extend([x, y, 1]) });
      settle();
    },
  };
}

/** The same pseudo-random numbers every time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Places of a hand that draws quickly: some twenty pixels of the image from one to the next. */
function way(seed: number, count: number): [number, number][] {
  const random = numbers(seed);
  let [x, y] = [random.next().value * SIZE.width, random.next().value * SIZE.height];
  let turn = random.next().value * 7;
  return Array.from({ length: count }, () => {
    turn += random.next().value - 0.5;
    x = Math.min(SIZE.width, Math.max(0, x + 20 * Math.cos(turn)));
    y = Math.min(SIZE.height, Math.max(0, y + 20 * Math.sin(turn)));
    return [x, y];
  });
}

function strokes(count: number): MaskOperation[] {
  return Array.from({ length: count }, (_none, index) => ({
    kind: 'stroke',
    ...BRUSH,
    combine: index % 4 === 3 ? 'subtract' : 'add',
    points: way(index + 100, 30).flatMap(([x, y]) => [x, y, 1]),
  }));
}

/** Milliseconds of one move, as the mean of some: the browser's clock is too coarse for a single one. */
function timed(painter: Painter, moves: readonly [number, number][]): number {
  const start = performance.now();
  for (const [x, y] of moves) painter.move(x, y);
  return (performance.now() - start) / moves.length;
}

/** Each round every way in turn; the first rounds are not counted, they warm all of them up. */
function inTurn<K extends string>(rounds: number, ways: Record<K, () => Painter>): Record<K, number[]> {
  const keys = Object.keys(ways) as K[];
  const times = Object.fromEntries(keys.map((key) => [key, [] as number[]])) as Record<K, number[]>;
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const key of keys) {
      const took = timed(ways[key](), way(round + 50, MOVES));
      if (round >= 0) times[key].push(took);
    }
  }
  return times;
}

const bench = {
  /** One move in the simple ways and in ours: milliseconds, round by round. */
  moves(rounds: number): Record<'overlay' | 'view' | 'ours', number[]> {
    const engine = new MaskEngine(SIZE);
    return inTurn(rounds, { overlay: () => naive('overlay'), view: () => naive('view'), ours: () => ours(engine) });
  },

  /** The same move on an empty mask, on one that has had so many strokes, and on the same mask loaded as one deed. */
  afterStrokes(count: number, rounds: number): Record<'none' | 'many' | 'same', number[]> {
    const [none, many, same] = [new MaskEngine(SIZE), new MaskEngine(SIZE), new MaskEngine(SIZE)];
    many.become(strokes(count));
    same.become([{ kind: 'region', combine: 'add', bits: packBits(many.coverage) }]);
    return inTurn(rounds, { none: () => ours(none), many: () => ours(many), same: () => ours(same) });
  },

  /** The times between frames, in milliseconds: of a page that does nothing, or of one that takes four moves a frame. */
  async frames(count: number, draws: boolean, seed: number): Promise<number[]> {
    const painter = draws ? ours(new MaskEngine(SIZE)) : null;
    const moves = way(seed, count * 4 + 40);
    const times: number[] = [];
    let last = 0;
    for (let frame = 0; frame < count + 10; frame += 1) {
      const now = await new Promise<number>((next) => requestAnimationFrame(next));
      if (painter) for (const [x, y] of moves.slice(frame * 4, frame * 4 + 4)) painter.move(x, y);
      if (frame >= 10) times.push(now - last);
      last = now;
    }
    return times;
  },

  /** What a step of each kind keeps for going back, with what the deed itself takes as JSON, in bytes. */
  steps(): Record<string, number> {
    const engine = new MaskEngine(SIZE);
    const ops = strokes(40);
    engine.become(ops);
    const kept: Record<string, number> = {};
    const lasso = way(7, 900).flat();
    const operations: Record<string, MaskOperation> = {
      stroke: { kind: 'stroke', ...BRUSH, size: 300, points: way(5, 400).flatMap(([x, y]) => [x, y, 1]) },
      lasso: { kind: 'polygon', combine: 'add', points: lasso },
      grow: { kind: 'grow', by: 8 },
      feather: { kind: 'feather', by: 8 },
      invert: { kind: 'invert' },
      clear: { kind: 'clear' },
      fill: { kind: 'fill' },
    };
    for (const [name, operation] of Object.entries(operations)) {
      const before = engine.historyBytes;
      ops.push(operation);
      engine.become(ops);
      kept[name] = engine.historyBytes - before + JSON.stringify(operation).length;
    }
    return kept;
  },

  /** Milliseconds of the operations on the whole image, on a mask of some strokes and shapes. */
  operations(): Record<string, number> {
    const engine = new MaskEngine(SIZE);
    const ellipse: MaskOperation = {
      kind: 'ellipse',
      combine: 'add',
      rect: { left: 300, top: 200, width: 3300, height: 1700 },
    };
    const ops: MaskOperation[] = [...strokes(20), ellipse];
    engine.become(ops);
    const took: Record<string, number> = {};
    const time = (name: string, operation: () => unknown): void => {
      const start = performance.now();
      operation();
      took[name] = performance.now() - start;
    };
    for (let round = 0; round < 2; round += 1) {
      for (const operation of [
        { kind: 'grow', by: 8 },
        { kind: 'grow', by: -8 },
        { kind: 'grow', by: 200 },
        { kind: 'feather', by: 8 },
        { kind: 'invert' },
        { kind: 'fill' },
      ] satisfies MaskOperation[]) {
        const name = 'by' in operation ? `${operation.kind} ${operation.by}` : operation.kind;
        time(name, () => engine.become([...ops, operation]));
        time(`${name}, undone`, () => engine.become(ops));
      }
      time('count of marked pixels', () => engine.marked);
    }
    return took;
  },

  /** Bytes of a 4K mask of one-bit noise: by our encoder, and by the canvas' own. */
  async noise(): Promise<{ ours: number; canvas: number; took: number }> {
    const coverage = new Uint8Array(SIZE.width * SIZE.height);
    for (let at = 0; at < coverage.length; at += 65_536) crypto.getRandomValues(coverage.subarray(at, at + 65_536));
    const start = performance.now();
    const png = await exportMask({ size: SIZE, coverage }, null);
    const took = performance.now() - start;
    const image = new ImageData(SIZE.width, SIZE.height);
    coverage.forEach((byte, at) => image.data.set(byte >= 128 ? [255, 255, 255, 0] : [0, 0, 0, 255], at * 4));
    const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    return { ours: png.size, canvas: (await canvas.convertToBlob({ type: 'image/png' })).size, took };
  },
};

export type MaskBench = typeof bench;
Object.assign(window, { bench });
