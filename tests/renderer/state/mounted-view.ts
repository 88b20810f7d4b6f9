import type { Component } from 'svelte';
import { onTestFinished } from 'vitest';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import { Route } from '../../../renderer/page/route.svelte.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import '../../../renderer/app.css';
import ActivityView from '../../../renderer/activity/ActivityView.svelte';
import CreateView from '../../../renderer/create/CreateView.svelte';
import CullingView from '../../../renderer/culling/CullingView.svelte';
import SurveyView from '../../../renderer/culling/survey/SurveyView.svelte';
import LibraryView from '../../../renderer/library/LibraryView.svelte';
import ViewerView from '../../../renderer/viewer/ViewerView.svelte';
import { renderInApp } from './render-in-app.ts';
import { HOST, type ScriptedStudio } from './scripted-studio.ts';

const VIEWS: Record<
  'activity' | 'create' | 'cull' | 'library' | 'survey' | 'viewer',
  Component<Record<string, never>>
> = {
  activity: ActivityView,
  create: CreateView,
  cull: CullingView,
  library: LibraryView,
  survey: SurveyView,
  viewer: ViewerView,
};

export interface Mounted {
  container: HTMLElement;
  state: StudioState;
  route: Route;
  /** Takes it away as the application does when another view opens. */
  unmount: () => Promise<void>;
}

/** Mounts a view on a started mirror of a scripted studio, as the application does; it goes when the test ends. */
export async function mountView(
  name: keyof typeof VIEWS,
  script: ScriptedStudio,
  imageId: string | null = null,
  host: HostInfo = HOST,
): Promise<Mounted> {
  const path = name === 'viewer' ? 'library' : name;
  history.replaceState(null, '', imageId === null ? `#/${name}` : `#/${path}/${imageId}`);
  const state = new StudioState(script.studio, script.shape);
  onTestFinished(() => state.stop());
  await state.start();
  const route = new Route();
  const { container, unmount } = await renderInApp(
    VIEWS[name],
    { studio: script.studio, mirror: state, route, host },
    {},
  );
  // As high as the window, as below the application's root.
  container.style.height = '100vh';
  return { container, state, route, unmount };
}
