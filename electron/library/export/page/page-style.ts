/** The style of a ZIP's page. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --soft: #5c5c5c; --ground: #f2f2f2; --panel: #fff; --line: #ccc; --accent: #b35c00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --soft: #aaa; --ground: #141414; --panel: #222; --line: #444; --accent: #f0973a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
header { position: sticky; top: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 12px; padding: 10px 16px; background: var(--panel); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 16px; }
#search { flex: 1; min-width: 180px; max-width: 520px; padding: 6px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); color: inherit; font: inherit; }
#count { margin: 0; color: var(--soft); font-variant-numeric: tabular-nums; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 8px; padding: 16px; }
main button { display: block; padding: 0; border: 0; border-radius: 6px; overflow: hidden; background: var(--panel); color: inherit; font: inherit; text-align: left; cursor: pointer; }
main img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--ground); }
main span { display: block; height: 40px; margin: 6px 8px; overflow: hidden; font-size: 12px; line-height: 20px; color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
dialog { width: min(1100px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); color: inherit; }
dialog::backdrop { background: rgb(0 0 0 / 60%); }
#large { display: block; max-width: 100%; max-height: 60vh; margin: 0 auto; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 12px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
`;
