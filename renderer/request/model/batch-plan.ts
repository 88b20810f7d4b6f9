import {
  batchAxes,
  countCombinations,
  expandBatch,
  MAX_BATCH_SIZE,
  type BatchAxis,
  type BatchCell,
  type BatchRequest,
} from '../../../electron/contract/rules/batch.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { InputProblem } from '../../../electron/contract/rules/input-rules.ts';
import { findModel, MODELS, type Model } from '../../../electron/contract/catalogue/models.ts';
import { QUALITIES } from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import { checkParameters, type Problem } from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOnServer, type Server } from '../../../electron/contract/catalogue/servers.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { batchBaseRequest, type ResolvedForm } from './request-from-form.ts';
import { typedPrompt } from './typed-prompt.ts';

/** A problem that some of a batch's combinations have. */
interface CellFault {
  field: Problem['field'] | 'image' | 'mask' | 'markup';
  message: string;
  /** How many combinations have it. */
  cells: number;
  /** Removing one of these models or qualities removes the problem. */
  models: string[];
  qualities: string[];
}

/** The form's batch before it is sent. */
export interface BatchPlan {
  batch: BatchRequest;
  axes: BatchAxis[];
  /** How many combinations there are. */
  count: number;
  /** The request of each; empty where there are more than {@link MAX_BATCH_SIZE}. */
  cells: BatchCell[];
  faults: CellFault[];
  /** Indices of the combinations with a problem, as `0,1`. */
  faulty: ReadonlySet<string>;
}

/** Checks the inputs against a model. */
type CheckInputs = (model: Model) => InputProblem[];

/** The form's batch; null for a single request. */
export function planBatch(
  resolved: ResolvedForm,
  form: RequestForm,
  { profileId, server, checkInputs }: { profileId: ProfileId; server: Server; checkInputs: CheckInputs },
): BatchPlan | null {
  const batch = batchFromForm(resolved, form, profileId);
  const count = countCombinations(batch);
  if (count < 2) return null;
  const plan = { batch, axes: batchAxes(batch), count };
  if (count > MAX_BATCH_SIZE) return { ...plan, cells: [], faults: [], faulty: new Set() };
  const cells = expandBatch(batch).map((cell) => resolveCell(cell, server));
  const found = findFaults(cells, server, checkInputs);
  const faulty = new Set(found.flatMap((entry) => entry.cells.map(({ at }) => at.join())));
  return { ...plan, cells, faults: found.map((entry) => toCellFault(entry, form)), faulty };
}

function batchFromForm(resolved: ResolvedForm, form: RequestForm, profileId: ProfileId): BatchRequest {
  const { effective, operation } = resolved;
  const models = orderedChoices(effective.model.trim(), form.moreModels, MODEL_NAMES);
  const base = batchBaseRequest(resolved, form, profileId);
  // A model outside the catalogue gets no parameter that its server might reject; see `effective-parameters.ts`.
  const known = models.every((name) => findModel(name).known);
  if (!known && form.response === 'auto') delete base.parameters.response_format;
  return {
    base,
    variables: typedPrompt(effective, resolved.asEdit).isTemplate,
    models: models.length > 1 ? models : [],
    qualities:
      operation !== 'variation' && form.moreQualities.length > 0
        ? orderedChoices(effective.quality, form.moreQualities, QUALITIES)
        : [],
  };
}

/** `first`, then the others in the table's order; those outside the table come last. */
function orderedChoices<T extends string>(first: T, more: readonly T[], table: readonly string[]): T[] {
  const place = (value: T): number => (table.includes(value) ? table.indexOf(value) : table.length);
  return [...new Set([first, ...more.toSorted((a, b) => place(a) - place(b))])];
}

const MODEL_NAMES = MODELS.map(({ name }) => name);

function resolveCell({ at, request }: BatchCell, server: Server): BatchCell {
  const { sent } = omitUnsupportedParameters(request.operation, request.parameters, server);
  return { at, request: { ...request, parameters: sent } as BatchCell['request'] };
}

interface Fault {
  field: CellFault['field'];
  message: string;
}

interface FoundFault {
  fault: Fault;
  cells: BatchCell[];
}

function findFaults(cells: BatchCell[], server: Server, checkInputs: CheckInputs): FoundFault[] {
  const found = new Map<string, FoundFault>();
  for (const cell of cells) {
    for (const fault of cellFaults(cell, server, checkInputs)) {
      const entry = found.get(fault.message) ?? { fault, cells: [] };
      found.set(fault.message, { ...entry, cells: [...entry.cells, cell] });
    }
  }
  return [...found.values()];
}

function toCellFault({ fault, cells }: FoundFault, form: RequestForm): CellFault {
  return {
    ...fault,
    cells: cells.length,
    models: form.moreModels.filter((model) => allHave(cells, 'model', model)),
    qualities: form.moreQualities.filter((quality) => allHave(cells, 'quality', quality)),
  };
}

/** Whether all these combinations have the value. */
function allHave(faulty: BatchCell[], kind: 'model' | 'quality', value: string): boolean {
  return faulty.every(({ request }) => (request.parameters as Record<string, unknown>)[kind] === value);
}

function cellFaults({ request }: BatchCell, server: Server, checkInputs: CheckInputs): Fault[] {
  const { operation, parameters } = request;
  const problems = checkParameters(operation, parameters, server);
  if (operation === 'create') return problems;
  return [...problems, ...checkInputs(modelOnServer(parameters.model ?? '', server))];
}
