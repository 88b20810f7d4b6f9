import type { Tool, ToolContext } from '../tools/tool.ts';
import { DrawTool } from './DrawTool.svelte.ts';
import type { MarkupToolName } from './mark-kinds.ts';
import { SelectTool } from './SelectTool.svelte.ts';
import { TextTool } from './TextTool.svelte.ts';

/** Creates a markup tool. */
export function createMarkupTool(name: MarkupToolName, context: ToolContext): Tool {
  if (name === 'select') return new SelectTool(context);
  return name === 'text' ? new TextTool(context) : new DrawTool(name, context);
}
