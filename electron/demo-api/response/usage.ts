import type { ResolvedRequest } from '../request/resolve-request.ts';

/** Output tokens of one 1024x1024 image by quality, from OpenAI's image guide. Other sizes scale with the area. */
const OUTPUT_TOKENS = { low: 272, medium: 1056, high: 4160, xhigh: 6240, max: 8320, standard: 1056, hd: 4160 } as const;
const PARTIAL_TOKENS = 100;
const MEGAPIXEL = 1024 * 1024;

export interface TokenUsage {
  input_tokens: number;
  input_tokens_details: { text_tokens: number; image_tokens: number };
  output_tokens: number;
  output_tokens_details: { text_tokens: number; image_tokens: number };
  total_tokens: number;
}

/** Returns plausible, not exact, token counts. `partials`: partial images actually sent. */
export function usageOf(resolved: ResolvedRequest, images: number, partials: number): TokenUsage {
  const text = Math.max(1, Math.ceil(resolved.prompt.length / 4)) + 3;
  const overlays = resolved.inputs?.mask || resolved.inputs?.markup ? resolved.inputs.sizes.slice(0, 1) : [];
  const image = [...(resolved.inputs?.sizes ?? []), ...overlays].reduce(
    (sum, size) => sum + inputTokens(size, resolved.fidelity),
    0,
  );
  const area = (resolved.width * resolved.height * (resolved.format === 'gif' ? resolved.frames : 1)) / MEGAPIXEL;
  const output = Math.round(images * OUTPUT_TOKENS[resolved.quality] * area) + partials * PARTIAL_TOKENS;
  return {
    input_tokens: text + image,
    input_tokens_details: { text_tokens: text, image_tokens: image },
    output_tokens: output,
    output_tokens_details: { text_tokens: 0, image_tokens: output },
    total_tokens: text + image + output,
  };
}

/** 65 tokens plus 129 per 512-pixel tile after scaling the short side to 512; high fidelity adds a fixed number by shape. */
function inputTokens({ width, height }: { width: number; height: number }, fidelity: 'high' | 'low'): number {
  const scale = Math.min(1, 512 / Math.min(width, height));
  const tiles = Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
  return 65 + 129 * tiles + (fidelity === 'low' ? 0 : width === height ? 4160 : 6240);
}

/** Returns the token counts of an SVG's text model. */
export function svgUsageOf(resolved: ResolvedRequest, bytes: number) {
  const input = Math.ceil(resolved.prompt.length / 4) + 420;
  const output = Math.ceil(bytes / 3);
  const reasoning = Math.round(output * 0.4);
  return {
    model: resolved.svgModel,
    input_tokens: input,
    output_tokens: output + reasoning,
    reasoning_tokens: reasoning,
    total_tokens: input + output + reasoning,
  };
}
