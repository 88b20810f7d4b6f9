import type { PromptSource } from '../entities/imports.ts';

const LABELS: Readonly<Record<PromptSource, string>> = {
  emulsion: 'Emulsion',
  automatic1111: 'Automatic1111',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  fooocus: 'Fooocus',
  novelai: 'NovelAI',
  'draw-things': 'Draw Things',
  chatgpt: 'ChatGPT',
  playground: 'GPT Image Playground',
};

/** The name of a program that writes prompts into its images. */
export function softwareLabel(source: PromptSource): string {
  return LABELS[source];
}
