import {
  batchAxes,
  countCells,
  expandBatch,
  MOST_CELLS,
  type BatchAxis,
  type BatchCell,
  type BatchRequest,
} from '../../electron/contract/batch.ts';
import type { ProfileId } from '../../electron/contract/entities.ts';
import type { InputProblem } from '../../electron/contract/input-rules.ts';
import { findModel, type Model } from '../../electron/contract/models.ts';
import { checkParameters, settleParameters, type Problem } from '../../electron/contract/rules.ts';
import { modelOn, type Server } from '../../electron/contract/servers.ts';
import type { RequestForm } from '../state/request-form.ts';
import { batchBase, type Settled } from './request.ts';

/** A fault of some of a batch's combinations. */
export interface CellFault {
  field: Problem['field'] | 'image' | 'mask' | 'markup';
  message: string;
  /** How many combinations have it. */
  cells: number;
  /** The models and qualities that have it in every one of their combinations, and that can be left out. */
  models: string[];
  qualities: string[];
}

/** A batch as the form asks for it, before it is sent. */
export interface BatchPlan {
  batch: BatchRequest;
  axes: BatchAxis[];
  /** How many combinations there are. */
  count: number;
  /** What each will send; empty where there are more than {@link MOST_CELLS}. */
  cells: BatchCell[];
  faults: CellFault[];
}

/** What else a model would find wrong: the pictures that go out. */
type CheckInputs = (model: Model) => InputProblem[];

/** The batch that the form asks for; null where it asks for one request. */
export function planBatch(
  settled: Settled,
  form: RequestForm,
  { profileId, server, checkInputs }: { profileId: ProfileId; server: Server; checkInputs: CheckInputs },
): BatchPlan | null {
  const batch = batchOf(settled, form, profileId);
  const count = countCells(batch);
  if (count < 2) return null;
  const plan = { batch, axes: batchAxes(batch), count };
  if (count > MOST_CELLS) return { ...plan, cells: [], faults: [] };
  const cells = expandBatch(batch).map((cell) => settleCell(cell, server));
  return { ...plan, cells, faults: faultsOf(cells, form, server, checkInputs) };
}

function batchOf(settled: Settled, form: RequestForm, profileId: ProfileId): BatchRequest {
  const { used, operation } = settled;
  const models = among(used.model.trim(), form.moreModels);
  const base = batchBase(settled, form, profileId);
  // A name that the table does not know gets nothing that its server might refuse; see `request.ts`.
  const known = models.every((name) => findModel(name).known);
  if (!known && form.response === 'auto') delete base.parameters.response_format;
  return {
    base,
    models: models.length > 1 ? models : [],
    qualities:
      operation !== 'variation' && form.moreQualities.length > 0 ? among(used.quality, form.moreQualities) : [],
  };
}

function among<T extends string>(first: T, more: readonly T[]): T[] {
  return [...new Set([first, ...more])];
}

function settleCell({ at, request }: BatchCell, server: Server): BatchCell {
  const { sent } = settleParameters(request.operation, request.parameters, server);
  return { at, request: { ...request, parameters: sent } as BatchCell['request'] };
}

interface Fault {
  field: CellFault['field'];
  message: string;
}

function faultsOf(cells: BatchCell[], form: RequestForm, server: Server, checkInputs: CheckInputs): CellFault[] {
  const found = new Map<string, { fault: Fault; cells: BatchCell[] }>();
  for (const cell of cells) {
    for (const fault of cellFaults(cell, server, checkInputs)) {
      const entry = found.get(fault.message) ?? { fault, cells: [] };
      found.set(fault.message, { ...entry, cells: [...entry.cells, cell] });
    }
  }
  return [...found.values()].map((entry) => ({
    ...entry.fault,
    cells: entry.cells.length,
    models: form.moreModels.filter((model) => suffers(model, 'model', cells, entry.cells)),
    qualities: form.moreQualities.filter((quality) => suffers(quality, 'quality', cells, entry.cells)),
  }));
}

/** Whether all combinations with a value have a fault, and not all combinations there are. */
function suffers(value: string, kind: 'model' | 'quality', all: BatchCell[], faulty: BatchCell[]): boolean {
  const has = ({ request }: BatchCell): boolean => valueOf(request.parameters, kind) === value;
  const count = all.filter(has).length;
  return count > 0 && faulty.filter(has).length === count && faulty.length < all.length;
}

function valueOf(parameters: object, kind: string): unknown {
  return (parameters as Record<string, unknown>)[kind];
}

function cellFaults({ request }: BatchCell, server: Server, checkInputs: CheckInputs): Fault[] {
  const { operation, parameters } = request;
  const problems = checkParameters(operation, parameters, server);
  if (operation === 'create') return problems;
  return [...problems, ...checkInputs(modelOn(parameters.model ?? '', server))];
}
