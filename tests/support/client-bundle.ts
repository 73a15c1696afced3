import { build, type Rolldown } from 'vite';

/** A file of a bundle by its path, such as `/gatehouse.js`. */
export type Files = ReadonlyMap<string, string>;

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
