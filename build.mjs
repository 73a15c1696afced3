import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Done, filesIn, publish } from './build-files.mjs';

// Compiles into a folder of its own and moves what has changed into dist, a whole file at a time:
// whoever runs from dist meanwhile, another test run for one, never reads half a file.
// The folder stands beside dist: source maps name their sources relative to where they are written.
const [project = 'tsconfig.build.json'] = process.argv.slice(2);
mkdirSync('dist', { recursive: true });
const name = project.replaceAll('/', '-');
const done = new Done(join('dist', `.${name}.done`), sourceFiles());
if (!done.isCurrent()) compile();

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
    if (status === 0) done.note(made);
    else done.forget();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(learning, { force: true });
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
