import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { finishBuild } from './scripts/build/finish-build.ts';
import { pureForms } from './scripts/build/pure-forms.ts';

const oldestBrowsers = ['chrome90', 'safari14'];
const at = (folder: string) => path.join(import.meta.dirname, folder);

export default defineConfig({
  root: at('client'),
  // Not Vite's default `public`: client/public is the citizens' page.
  publicDir: at('client/static'),
  plugins: [pureForms(), svelte({ configFile: false }), finishBuild()],
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    manifest: true,
    target: oldestBrowsers,
    cssTarget: oldestBrowsers,
    // The page's security policy allows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
