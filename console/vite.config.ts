import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressFiles } from './build/compress-files.ts';
import { keepStylesInFiles } from './build/keep-styles-in-files.ts';
import { listEndpoints } from './build/list-endpoints.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Where `npm run dev` listens; pages come from Vite, all else from there. The server refuses what comes under another name than the page's. */
const server = { target: 'http://127.0.0.1:3000', changeOrigin: false };

export default defineConfig({
  root: here('.'),
  base: '/webui/',
  plugins: [react(), tailwindcss(), listEndpoints(), keepStylesInFiles(), compressFiles()],
  resolve: {
    // Its own way of adding styles is one that the content security policy forbids.
    alias: { 'react-style-singleton': here('src/csp/style-singleton.ts') },
  },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // As a data: URL a picture or a font would be of another source than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: { '/api': server, '/v1': server, '/health': server, '/ws': { ...server, ws: true } },
  },
});
