import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// In an application of your own, `gatehouse/client` comes from the package.
export default defineConfig({
  resolve: { alias: { 'gatehouse/client': fileURLToPath(new URL('../client/gatehouse.ts', import.meta.url)) } },
  server: { port: 5173, strictPort: true },
});
