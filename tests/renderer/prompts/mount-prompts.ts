import { onTestFinished } from 'vitest';
import { Route } from '../../../renderer/page/route.svelte.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import '../../../renderer/app.css';
import { renderInApp } from '../state/render-in-app.ts';
import type { ScriptedStudio } from '../state/scripted-studio.ts';
import CreateOrNothing from './CreateOrNothing.svelte';

/** Mounts Create, or at another address nothing, with the dialogs of saved prompts above. */
export async function mountPrompts(script: ScriptedStudio, address = '#/create'): Promise<StudioState> {
  history.replaceState(null, '', address);
  const mirror = new StudioState(script.studio);
  onTestFinished(() => mirror.stop());
  await mirror.start();
  const { container } = await renderInApp(CreateOrNothing, { studio: script.studio, mirror, route: new Route() }, {});
  container.style.height = '100vh';
  return mirror;
}
