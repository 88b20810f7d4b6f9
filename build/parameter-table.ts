import { writeFile } from 'node:fs/promises';
import { INPUT_ROLES, type InputRole } from '../electron/contract/entities/requests.ts';
import { CATALOGUE_DATE, GIF, MAX_PROMPT_LENGTH, MODELS, type Model } from '../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  EFFORTS,
  FIDELITIES,
  FORMATS,
  MODERATIONS,
  OPERATIONS,
  QUALITIES,
  RESPONSE_FORMATS,
  STYLES,
  type Operation,
  type ParameterName,
} from '../electron/contract/catalogue/parameters.ts';
import { PARAMETERS_OF } from '../electron/contract/rules/parameter-rules.ts';

type Name = ParameterName | InputRole;
interface Row {
  /** Where in the application it is set. */
  place: string;
  values: string;
  /** Models that take it; left out where all do. */
  takes?: (model: Model) => boolean;
}

const listed = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');
const span = ({ min, max, initial }: { min: number; max: number; initial: number }, unit = ''): string =>
  `${min.toLocaleString('en')} to ${max.toLocaleString('en')}${unit}, usually ${initial}`;

/** Every parameter of the API, in the order of the form. The compiler sees to it that none is missing. */
const ROWS: Readonly<Record<Name, Row>> = {
  prompt: { place: 'Prompt', values: `text, up to ${MAX_PROMPT_LENGTH.toLocaleString('en')} characters` },
  image: { place: 'References', values: '1 to 16 images', takes: ({ inputs }) => inputs !== null },
  mask: {
    place: 'Mask',
    values: 'PNG of the first image’s size',
    takes: ({ maskByteLimit }) => maskByteLimit !== null,
  },
  markup: {
    place: 'Markup',
    values: 'transparent PNG of the first image’s size, instead of a mask',
    takes: ({ markup }) => markup,
  },
  model: { place: 'Image, Model', values: 'any name' },
  size: { place: 'Image, Size', values: '`auto` or `WIDTHxHEIGHT`' },
  quality: { place: 'Image, Quality', values: listed(QUALITIES) },
  output_format: { place: 'Image, Format', values: listed(FORMATS), takes: ({ formats }) => formats.length > 1 },
  output_compression: {
    place: 'Image, Compression',
    values: '0 to 100, JPEG and WebP',
    takes: ({ formats }) => formats.length > 1,
  },
  frame_count: { place: 'Image, Frames', values: `${span(GIF.frames)}; GIF`, takes: ({ gif }) => gif !== null },
  frame_duration_ms: {
    place: 'Image, Frame time',
    values: `${span(GIF.durationMs, ' ms')}; GIF`,
    takes: ({ gif }) => gif !== null,
  },
  svg: {
    place: 'Image, SVG model and SVG effort',
    values: `a model’s name; effort ${listed(EFFORTS)}; SVG`,
    takes: ({ svg }) => svg,
  },
  background: {
    place: 'Image, Background',
    values: listed(BACKGROUNDS),
    takes: ({ backgrounds }) => backgrounds.length > 0,
  },
  n: { place: 'Image, Count', values: '1 to 10; with streaming as requests of one image each' },
  stream: { place: 'More, Streaming', values: 'on, off', takes: ({ streaming }) => streaming },
  partial_images: { place: 'More, Partials', values: '0 to 3', takes: ({ maxPartials }) => maxPartials > 0 },
  complexity: { place: 'More, Complexity', values: listed(COMPLEXITIES), takes: ({ complexity }) => complexity },
  moderation: { place: 'More, Moderation', values: listed(MODERATIONS), takes: ({ moderation }) => moderation },
  input_fidelity: {
    place: 'More, Input fidelity',
    values: listed(FIDELITIES),
    takes: ({ fidelity }) => fidelity.length > 0,
  },
  style: { place: 'More, Style', values: listed(STYLES), takes: ({ style }) => style },
  response_format: {
    place: 'More, Response',
    values: listed(RESPONSE_FORMATS),
    takes: ({ responseFormat }) => responseFormat,
  },
  safety_identifier: { place: 'More, Safety ID', values: 'text' },
  user: { place: 'More, User', values: 'text; the API asks for `safety_identifier` instead' },
};

const FILES: Readonly<Record<InputRole, readonly Operation[]>> = {
  image: ['edit', 'variation'],
  mask: ['edit'],
  markup: ['edit'],
};

function isFile(name: Name): name is InputRole {
  return INPUT_ROLES.some((role) => role === name);
}

/** Whether an operation takes a parameter or a file of that name. */
function takes(operation: Operation, name: Name): boolean {
  return isFile(name) ? FILES[name].includes(operation) : PARAMETERS_OF[operation].has(name);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[][]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function modelsWord({ takes: taken }: Row): string {
  if (!taken) return 'all';
  const namesOf = (models: readonly Model[]): string =>
    [...new Set(models.map(({ name }) => name.replace(/-\d{4}-\d\d-\d\d$/u, '')))].join(', ');
  const without = MODELS.filter((model) => !taken(model));
  if (without.length === 0) return 'all';
  return without.length < MODELS.length / 2 ? `all but ${namesOf(without)}` : namesOf(MODELS.filter(taken));
}

function modelRow(model: Model): string[] {
  const { prices } = model;
  const sizes =
    model.sizes.kind === 'list'
      ? model.sizes.sizes.join(', ')
      : `any, divisible by ${model.sizes.multipleOf}, up to ${model.sizes.maxEdge} a side`;
  return [
    `\`${model.name}\``,
    model.operations.join(', '),
    sizes,
    model.qualities.join(', '),
    model.formats.join(', '),
    model.shutdown ? `shut down ${model.shutdown}, then ${model.successor ?? 'none'}` : 'current',
    prices ? `${prices.textIn} / ${prices.imageIn} / ${prices.imageOut}` : 'none known',
  ];
}

/** `docs/parameters.md`: every parameter by operation, and every model, as the catalogue has them. */
export function parameterPage(): string {
  const names = Object.keys(ROWS) as Name[];
  const parameters = names.map((name) => [
    `\`${name}\``,
    ...OPERATIONS.map((operation) => (takes(operation, name) ? 'yes' : '–')),
    ROWS[name].values,
    modelsWord(ROWS[name]),
    ROWS[name].place,
  ]);
  return `# Parameters and models

Made from the catalogue by \`npm run parameters\`; a test holds it against the catalogue and against the types of the official client.

## Every parameter, and where it is set

${table(['Parameter', 'Create', 'Edit', 'Variation', 'Values', 'Models', 'In the Request'], parameters)}

## Every model of the catalogue

State of ${CATALOGUE_DATE}; dates and prices are second-hand. Prices are US dollars for a million tokens: text in / image in / image out.
Any other name can be typed: then everything is offered and the server has the last word.

${table(['Model', 'Operations', 'Sizes', 'Qualities', 'Formats', 'State at OpenAI', 'Prices'], MODELS.map(modelRow))}
`;
}

if (import.meta.main) await writeFile(new URL('../docs/parameters.md', import.meta.url), parameterPage());
