import { untrack } from 'svelte';
import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import type { Camera, View } from '../../stage/camera.ts';
import type { Rect } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { createTool } from './create-tool.ts';
import { toolOfKey, TOOL_TABLE } from '../tools/tool-table.ts';
import { readToolShortcut } from './tool-shortcuts.ts';
import type { Tool, ToolContext, ToolName } from '../tools/tool.ts';
import { ToolSettings } from '../tools/ToolSettings.svelte.ts';

/** What a stage provides to tools; read at every use. */
export type ToolStage = Pick<ToolContext, 'document' | 'camera' | 'view' | 'touched' | 'pixels'>;

interface Options {
  settings?: ToolSettings;
  /** The sizes that the model supports. */
  sizes?: () => SizeRule | null;
}

/** The tools: the one in use, their settings, and their announcements. Lives as long as the page. */
export class ToolBox {
  readonly settings: ToolSettings;
  /** The chosen tool. */
  chosen = $state<ToolName>('brush');
  /** Tools that cannot be used now, each with the reason. Keys do not choose them either. */
  disabled = $state.raw<Partial<Record<ToolName, string>>>({});
  /** The last announcement for screen readers; the stage renders it. */
  announcement = $state('');
  #held = $state<ToolName | null>(null);
  #stage = $state.raw<ToolStage | null>(null);
  readonly #context: ToolContext;
  #tools = $derived.by(() => (this.#stage ? new Map<ToolName, Tool>() : null));

  constructor({ settings = new ToolSettings(), sizes = () => null }: Options = {}) {
    this.settings = settings;
    const present = (): ToolStage => {
      if (!this.#stage) throw new Error('A tool was used while no image was on the stage.');
      return this.#stage;
    };
    this.#context = {
      settings,
      sizes,
      announce: (words) => this.announce(words),
      get document(): CanvasDocument {
        return present().document;
      },
      get camera(): Camera {
        return present().camera;
      },
      get view(): View {
        return present().view;
      },
      touched: (part: Rect) => present().touched(part),
      pixels: () => present().pixels(),
    };
  }

  /** The document on the stage cannot be changed. */
  readonly isReadOnly = $derived(this.#stage?.document.isReadOnly ?? false);

  /** The tool in use: the held one, or else the chosen one; the hand where nothing can be changed. */
  readonly name = $derived<ToolName>(this.isReadOnly ? 'hand' : (this.#held ?? this.chosen));

  /** Null while no image is on the stage. */
  readonly current = $derived.by<Tool | null>(() => {
    const tools = this.#tools;
    if (!tools) return null;
    const { name } = this;
    // The tool's own state is not a dependency of this derived.
    const tool = tools.get(name) ?? untrack(() => createTool(name, this.#context));
    tools.set(name, tool);
    return tool;
  });

  /** Something is being drawn: no other commands until it is completed or cancelled. */
  readonly busy = $derived(this.current?.busy ?? false);

  disable(tools: Partial<Record<ToolName, string>>): void {
    this.disabled = tools;
  }

  /** Chooses a tool. The previous one completes what it started. */
  choose(name: ToolName): void {
    if (name === this.chosen && !this.#held) return;
    this.#settle();
    this.#held = null;
    this.chosen = name;
    this.announce(`${TOOL_TABLE[name].label}. ${TOOL_TABLE[name].use}`);
  }

  /** Uses a tool until `release`: a pen's eraser. */
  hold(name: ToolName): void {
    if (name !== this.chosen) this.#held = name;
  }

  release(): void {
    this.#held = null;
  }

  /** Connects a stage. Returns a function that disconnects it and completes what was started. */
  enter(stage: ToolStage): () => void {
    this.#stage = stage;
    return () => {
      if (this.#stage !== stage) return;
      this.#settle();
      this.#held = null;
      this.#stage = null;
    };
  }

  /** Handles a key outside fields: a tool's letter or a setting. Returns whether it was used. */
  key(event: KeyboardEvent): boolean {
    const shortcut = readToolShortcut(event);
    if (!shortcut || (shortcut.kind === 'setting' && this.busy)) return false;
    const name = shortcut.kind === 'tool' ? toolOfKey(shortcut.letter) : null;
    if (shortcut.kind === 'tool' && !name) return false;
    const why = name ? this.disabled[name] : undefined;
    if (name && why) this.announce(`${TOOL_TABLE[name].label}: ${why}.`);
    else if (name) this.choose(name);
    if (shortcut.kind === 'setting') shortcut.change(this);
    return true;
  }

  /** The same announcement twice is read twice. */
  announce(words: string): void {
    this.announcement = this.announcement === words ? `${words}\u00a0` : words;
  }

  /** What mask commands work on; null where there is nothing to change. */
  get maskContext(): Pick<ToolContext, 'document' | 'announce'> | null {
    return this.#stage && !this.isReadOnly ? this.#context : null;
  }

  #settle(): void {
    if (this.busy) this.current?.complete();
    if (this.busy) this.current?.cancel();
  }
}
