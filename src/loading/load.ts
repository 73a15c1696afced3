import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { preparePlace, readCode, writeCode } from './code-cache.js';
import { mapStacksOf } from './stack-maps.js';

// Loads the bundle, whose programs import this file; so do its parts. Compiled by itself, it has nothing loaded and does nothing.

/** Parts of the bundle that this process has loaded, by path. */
const parts = new Map<string, { exports: unknown }>();
/** Those whose compiled code is not kept yet. */
const unkept = new Map<string, Script>();

/** What parts of the bundle get when they require this file. */
const self = { keepLoaded, mapStacks, importModule };

type Run = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  path: string,
  folder: string,
) => void;

/**
 * Loads a part of the bundle, and what it requires, from code that was compiled before where there is some: V8 takes half of
 * the time of a start to compile.
 * @param program URL of the file that asks
 */
export function load(program: string, name: string): unknown {
  return loadPart(join(dirname(fileURLToPath(program)), name));
}

function loadPart(path: string): unknown {
  const known = parts.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  parts.set(path, module);
  const run = compiled(path).runInThisContext() as Run;
  run.call(module.exports, module.exports, requireIn(path), module, path, dirname(path));
  return module.exports;
}

const opening = '(function (exports, require, module, __filename, __dirname) { ';

function compiled(path: string): Script {
  const cachedData = readCode(path);
  const code = `${opening}${readFileSync(path, 'utf8')}\n})`;
  const script = new Script(code, {
    filename: path,
    columnOffset: -opening.length,
    ...(cachedData && { cachedData }),
  });
  if (!cachedData || script.cachedDataRejected) unkept.set(path, script);
  return script;
}

/** Parts of the bundle are loaded here, packages by Node. */
function requireIn(path: string): (id: string) => unknown {
  const byNode = createRequire(path);
  const require = (id: string): unknown => {
    if (id === './load.js') return self;
    return id.startsWith('./') ? loadPart(join(dirname(path), basename(id))) : byNode(id);
  };
  return Object.assign(require, byNode);
}

/**
 * Keeps the compiled code of parts that had none, with all functions that have run until now. Blocks for some milliseconds for
 * each. Does nothing where it cannot write: the next start then takes longer.
 */
export async function keepLoaded(): Promise<void> {
  const keeping = [...unkept];
  unkept.clear();
  try {
    for (const [path] of keeping.slice(0, 1)) preparePlace(path);
    for (const [path, script] of keeping) {
      await turn();
      writeCode(path, script);
    }
  } catch {
    // Read-only, somebody else's, or full.
  }
}

/** Makes stack traces name lines of the sources from now on, in this process. */
export function mapStacks(): void {
  if (parts.size > 0) mapStacksOf((path) => parts.has(path));
}

/** Imports an ES module by its path; `import` does not exist in parts of the bundle. */
export function importModule(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href);
}
