import { isObject } from './json-values.ts';
import type { Inputs } from './comfyui-graph.ts';
import { inputsOf, type Drawn } from './comfyui-drawing.ts';

/** A value that the editor adds behind a seed; no input has it. */
const CONTROL = '';
const CONTROLS: readonly unknown[] = ['fixed', 'increment', 'decrement', 'randomize'];

/** The widgets of ComfyUI's own nodes, in their order: older workflows don't name them. */
const WIDGETS: Readonly<Record<string, readonly string[]>> = {
  KSampler: ['seed', CONTROL, 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: ['add_noise', 'noise_seed', CONTROL, 'steps', 'cfg', 'sampler_name', 'scheduler'],
  SamplerCustom: ['add_noise', 'noise_seed', CONTROL, 'cfg'],
  RandomNoise: ['noise_seed', CONTROL],
  KSamplerSelect: ['sampler_name'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  CFGGuider: ['cfg'],
  CheckpointLoaderSimple: ['ckpt_name'],
  UNETLoader: ['unet_name'],
  CLIPTextEncode: ['text'],
  CLIPTextEncodeFlux: ['clip_l', 't5xxl'],
  CLIPTextEncodeSDXL: ['width', 'height', 'crop_w', 'crop_h', 'target_width', 'target_height', 'text_g', 'text_l'],
  PrimitiveNode: ['value'],
  PrimitiveString: ['value'],
  PrimitiveStringMultiline: ['value'],
  PrimitiveInt: ['value', CONTROL],
  PrimitiveFloat: ['value'],
  StringConcatenate: ['string_a', 'string_b', 'delimiter'],
};

/** A node's values by the names of their inputs. Values whose names aren't certain are left out, but for the text of a node that holds texts. */
export function namedWidgets(node: Drawn): Inputs {
  const values = node.widgets_values;
  if (isObject(values)) return values;
  if (!Array.isArray(values)) return {};
  const names = namesOf(node, values) ?? [];
  const named = names.flatMap((name, at) => (name === CONTROL || at >= values.length ? [] : [[name, values[at]]]));
  if (named.length > 0) return Object.fromEntries(named) as Inputs;
  const text: unknown = values.find((value) => typeof value === 'string' && value.trim() !== '');
  return /text|prompt|string/iu.test(String(node.type)) && text !== undefined ? { text } : {};
}

/** The editor names every widget of a node among its inputs since 2025; before, only those that a link had replaced. */
function namesOf(node: Drawn, values: readonly unknown[]): readonly string[] | null {
  if (typeof node.type === 'string' && Object.hasOwn(WIDGETS, node.type))
    return withoutControl(WIDGETS[node.type] ?? [], values);
  const names: string[] = [];
  for (const { widget } of inputsOf(node)) {
    const name = isObject(widget) ? widget['name'] : null;
    if (typeof name !== 'string') continue;
    names.push(name);
    if (/seed$/iu.test(name) && CONTROLS.includes(values[names.length])) names.push(CONTROL);
  }
  return names.length === values.length ? names : null;
}

/** Programs that write workflows themselves leave out what only the editor needs. */
function withoutControl(names: readonly string[], values: readonly unknown[]): readonly string[] {
  const at = names.indexOf(CONTROL);
  return at === -1 || CONTROLS.includes(values[at]) ? names : names.filter((name) => name !== CONTROL);
}
