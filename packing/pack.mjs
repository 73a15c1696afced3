import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { locked, manifestOf, run } from './manifest.mjs';
import { noticesOf } from './notices.mjs';

// Run by `npm pack`, before and after. The package holds the built service with the packages that are bundled into it; it
// installs a tenth of what a checkout does. Its manifest takes the place of package.json while npm packs.
const kept = 'dist/.package.json';
const shrinkwrap = 'npm-shrinkwrap.json';
const notices = 'dist/third-party-notices.txt';
const bom = 'dist/sbom.cdx.json';
const builds = ['.service', '.client-tsconfig.json', '.web'];
const documents = ['CHANGELOG.md', 'SECURITY.md', 'schema.graphql', '.env.example', 'docs/*.md'];

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

restore();
if (process.argv[2] !== 'restore') prepare();

function prepare() {
  run(process.execPath, ['bundle.mjs']);
  run(process.execPath, ['build.mjs', 'client/tsconfig.json']);
  run(process.execPath, ['web/build.mjs']);
  const lock = json('package-lock.json');
  writeFileSync(notices, noticesOf(lock));
  writeFileSync(bom, run('npm', ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx']));
  // Not the whole of dist: it keeps parts of earlier builds.
  const built = builds.flatMap((name) => json(`dist/${name}.done`).made);
  const manifest = manifestOf(json('package.json'), lock, [...built, ...documents, notices, bom, shrinkwrap]);
  writeFileSync(shrinkwrap, locked(manifest));
  // The same file, with its time, by which builds know that nothing has changed.
  linkSync('package.json', kept);
  writeFileSync(`${kept}.packed`, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(`${kept}.packed`, 'package.json');
}

/** Also after a run that was killed. */
function restore() {
  if (existsSync(kept)) renameSync(kept, 'package.json');
  rmSync(shrinkwrap, { force: true });
}
