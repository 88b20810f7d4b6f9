import { createFrameTool } from '../frame/create-frame-tool.ts';
import { createMarkupTool } from '../markup/create-markup-tool.ts';
import { BrushTool } from '../tools/BrushTool.svelte.ts';
import { HAND } from './HandTool.ts';
import { LassoTool } from '../tools/LassoTool.svelte.ts';
import { PolygonTool } from '../tools/PolygonTool.svelte.ts';
import { ShapeTool } from '../tools/ShapeTool.svelte.ts';
import { SimilarTool } from '../tools/SimilarTool.ts';
import type { Tool, ToolContext, ToolName } from '../tools/tool.ts';

/** Creates a tool. */
export function createTool(name: ToolName, context: ToolContext): Tool {
  switch (name) {
    case 'brush':
    case 'eraser':
      return new BrushTool(name, context);
    case 'rectangle':
    case 'ellipse':
      return new ShapeTool(name, context);
    case 'lasso':
      return new LassoTool(context);
    case 'polygon':
      return new PolygonTool(context);
    case 'similar':
      return new SimilarTool(context);
    case 'crop':
    case 'extend':
      return createFrameTool(name, context);
    case 'hand':
      return HAND;
    default:
      return createMarkupTool(name, context);
  }
}
