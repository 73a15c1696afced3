import { build, type InlineConfig, type Rolldown } from 'vite';

/** A file of a bundle by its path, such as `/gatehouse.js`. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** Builds an example as `vite build` does, for a service. `/` is its page. */
export const bundleExample = (name: string, url: string): Promise<Files> =>
  bundlePage(`examples/${name}`, {
    configFile: 'examples/vite.config.ts',
    define: { 'import.meta.env.VITE_GATEHOUSE': JSON.stringify(url) },
  });

/** Builds the page of a folder. `/` is its `index.html`. */
export async function bundlePage(root: string, more: InlineConfig = { configFile: false }): Promise<Files> {
  const quick = { write: false, minify: false, reportCompressedSize: false };
  const { output } = (await build({ ...more, root, logLevel: 'error', build: quick })) as Rolldown.RolldownOutput;
  const files = output.map((file): [string, string | Uint8Array] => [
    file.fileName === 'index.html' ? '/' : `/${file.fileName}`,
    file.type === 'chunk' ? file.code : file.source,
  ]);
  return new Map(files);
}

/** Bundles the client as a single-page app would. `/gatehouse.js` is loaded at once, the other files when needed. */
export async function bundleClient(): Promise<ReadonlyMap<string, string>> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: 'client/gatehouse.ts', formats: ['es'], fileName: () => 'gatehouse.js' },
    },
  })) as Rolldown.RolldownOutput[];
  const chunks = result.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
  return new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code]));
}
