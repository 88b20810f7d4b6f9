import type { Tool, ToolContext } from '../tools/tool.ts';
import type { FrameMode } from './frame-limits.ts';
import { FrameTool } from './FrameTool.svelte.ts';

/** Makes the tool that crops, or the one that extends. */
export function createFrameTool(name: FrameMode, context: ToolContext): Tool {
  return new FrameTool(name, context);
}
