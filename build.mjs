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
// What the compiler knows from last time, so that it checks only what has changed. It writes every file all the same,
// because it finds another output folder than last time: that folder is part of what it knows.
const known = join('dist', `.${basename(project)}.tsbuildinfo`);
const learning = `${known}${fresh}`;
try {
  if (existsSync(known)) copyFileSync(known, learning);
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', project, '--outDir', fresh, '--incremental', '--tsBuildInfoFile', learning];
  const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
  for (const file of filesIn(fresh)) publish(file, join('dist', relative(fresh, file)));
  if (existsSync(learning)) renameSync(learning, known);
  process.exitCode = status ?? 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(learning, { force: true });
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
