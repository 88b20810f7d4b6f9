import { createFrameTool } from '../frame/tools.ts';
import { createMarkupTool } from '../markup/tools.ts';
import { BrushTool } from './BrushTool.svelte.ts';
import { HAND } from './HandTool.ts';
import { LassoTool } from './LassoTool.svelte.ts';
import { PolygonTool } from './PolygonTool.svelte.ts';
import { ShapeTool } from './ShapeTool.svelte.ts';
import { SimilarTool } from './SimilarTool.ts';
import type { Tool, ToolContext, ToolName } from './tool.ts';

/** Makes a tool for what is on the stage. */
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
