import { build, type Rolldown } from 'vite';

/** A file of a bundle by its path, such as `/gatehouse.js`. */
export type Files = ReadonlyMap<string, string>;

/** Builds an example as `vite build` does, for a service. `/` is its page. */
export async function bundleExample(name: string, url: string): Promise<Files> {
  const { output } = (await build({
    configFile: 'examples/vite.config.ts',
    root: `examples/${name}`,
    logLevel: 'error',
    define: { 'import.meta.env.VITE_GATEHOUSE': JSON.stringify(url) },
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const files = output.map((file) => [
    file.fileName === 'index.html' ? '/' : `/${file.fileName}`,
    file.type === 'chunk' ? file.code : String(file.source),
  ]);
  return new Map(files as [string, string][]);
}

/** Bundles the client as a single-page app would. `/gatehouse.js` is loaded at once, the other files when needed. */
export async function bundleClient(): Promise<Files> {
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
