import {
  render,
  type Component,
  type ComponentImport,
  type ComponentOptions,
  type RenderResult,
} from 'vitest-browser-svelte';
import { Route } from '../../../renderer/page/route.svelte.ts';
import type { AppContext } from '../../../renderer/state/app-context.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import InApp from './InApp.svelte';
import { HOST, scriptedStudio } from './scripted-studio.ts';

/** Renders a component with the application's context. What `app` leaves out is a scripted studio, its unstarted state, a route and `HOST`. */
export function renderInApp<C extends Component>(
  View: ComponentImport<C>,
  {
    studio = scriptedStudio().studio,
    mirror = new StudioState(studio),
    route = new Route(),
    host = HOST,
  }: Partial<AppContext>,
  props: ComponentOptions<C>,
): Promise<RenderResult<C, typeof InApp>> {
  const app: AppContext = { studio, mirror, route, host };
  return render<C, typeof InApp>(View, props, { wrapper: InApp, wrapperProps: { app } });
}
