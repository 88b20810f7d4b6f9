import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  // Our own components are written in runes; some packages' still are not.
  compilerOptions: { runes: ({ filename }) => (/[/\\]node_modules[/\\]/.test(filename) ? undefined : true) },
};
