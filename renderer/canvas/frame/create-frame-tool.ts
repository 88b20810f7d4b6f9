import type { Tool, ToolContext } from '../tools/tool.ts';
import type { FrameMode } from './frame-limits.ts';
import { FrameTool } from './FrameTool.svelte.ts';

/** Creates the crop tool or the extend tool. */
export function createFrameTool(name: FrameMode, context: ToolContext): Tool {
  return new FrameTool(name, context);
}
