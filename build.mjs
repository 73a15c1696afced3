import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

// Compiles into a folder of its own and moves what has changed into dist, a whole file at a time:
// whoever runs from dist meanwhile, another test run for one, never reads half a file.
// The folder stands beside dist: source maps name their sources relative to where they are written.
const [project = 'tsconfig.build.json'] = process.argv.slice(2);
mkdirSync('dist', { recursive: true });
const name = project.replaceAll('/', '-');
// What the last build without an error has read and made. When nothing of it has changed since, nothing is done.
const done = join('dist', `.${name}.done`);
const sources = stateOf(sourceFiles());
if (!isDone()) compile();

function compile() {
  const fresh = mkdtempSync('.dist-');
  // What the compiler knows from last time, so that it checks only what has changed. It writes every file all the same,
  // because it finds another output folder than last time: that folder is part of what it knows.
  const known = join('dist', `.${name}.tsbuildinfo`);
  const learning = `${known}${fresh}`;
  try {
    if (existsSync(known)) copyFileSync(known, learning);
    const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
    const options = ['-p', project, '--outDir', fresh, '--incremental', '--tsBuildInfoFile', learning];
    const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
    const made = filesIn(fresh).map((file) => publish(file, join('dist', relative(fresh, file))));
    if (existsSync(learning)) renameSync(learning, known);
    process.exitCode = status ?? 1;
    rmSync(done, { force: true });
    if (status === 0) writeFileSync(done, JSON.stringify({ sources, made, state: stateOf(made) }));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(learning, { force: true });
  }
}

function isDone() {
  try {
    const last = JSON.parse(readFileSync(done, 'utf8'));
    return last.sources === sources && last.state === stateOf(last.made);
  } catch {
    return false;
  }
}

/** What the project compiles, its configuration, and the list of what is installed. */
function sourceFiles() {
  const configurations = [];
  let include;
  for (let file = project; file !== undefined; ) {
    const { include: own, extends: base } = JSON.parse(readFileSync(file, 'utf8'));
    configurations.push(file);
    include ??= own?.map((path) => join(dirname(file), path));
    file = base && join(dirname(file), base);
  }
  const files = include.flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path])).sort();
  return [...configurations, ...files, 'package.json', join('node_modules', '.package-lock.json')];
}

/** Changes when a file is changed, added, or gone. */
function stateOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function publish(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  if (!isSame(from, to)) renameSync(from, to);
  return to;
}

function isSame(one, other) {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false;
  }
}
