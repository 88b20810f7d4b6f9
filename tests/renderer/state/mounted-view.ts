import { onTestFinished } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { Route } from '../../../renderer/route.svelte.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import '../../../renderer/app.css';
import CreateView from '../../../renderer/create/CreateView.svelte';
import LibraryView from '../../../renderer/library/LibraryView.svelte';
import ViewerView from '../../../renderer/viewer/ViewerView.svelte';
import { HOST, type ScriptedStudio } from './scripted-studio.ts';

const VIEWS = { create: CreateView, library: LibraryView, viewer: ViewerView };

/** Mounts a view on a started mirror of a scripted studio, as the application does; it goes when the test ends. */
export async function mountView(name: keyof typeof VIEWS, script: ScriptedStudio, imageId: string | null = null) {
  history.replaceState(null, '', imageId === null ? `#/${name}` : `#/library/${imageId}`);
  const state = new StudioState(script.studio);
  onTestFinished(() => state.stop());
  await state.start();
  const route = new Route();
  const screen = await render(VIEWS[name], { studio: script.studio, state, host: HOST, route });
  screen.container.style.height = '100vh';
  return { screen, state, route };
}
