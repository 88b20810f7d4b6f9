import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { plainIcons } from './plain-icons.ts';

/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  preprocess: [plainIcons(), vitePreprocess()],
  // Our own components are written in runes; some packages' still are not.
  compilerOptions: { runes: ({ filename }) => (/[/\\]node_modules[/\\]/.test(filename) ? undefined : true) },
};
