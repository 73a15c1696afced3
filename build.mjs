import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

// Compiles into a folder of its own and moves what has changed into dist, a whole file at a time:
// whoever runs from dist meanwhile, another test run for one, never reads half a file.
// The folder stands beside dist: source maps name their sources relative to where they are written.
const [project = 'tsconfig.build.json'] = process.argv.slice(2);
mkdirSync('dist', { recursive: true });
const fresh = mkdtempSync('.dist-');
// What the compiler knows from last time: with it a build checks what has changed alone, and still writes every file.
const known = `.${basename(project)}.tsbuildinfo`;
try {
  if (existsSync(join('dist', known))) copyFileSync(join('dist', known), join(fresh, known));
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', project, '--outDir', fresh, '--incremental', '--tsBuildInfoFile', join(fresh, known)];
  const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
  for (const file of filesIn(fresh)) publish(file, join('dist', relative(fresh, file)));
  process.exitCode = status ?? 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function publish(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  if (!isSame(from, to)) renameSync(from, to);
}

function isSame(one, other) {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false;
  }
}
