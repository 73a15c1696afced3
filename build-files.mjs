import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Remembers what the last build without an error has read and made. When nothing of it has changed since, nothing is to do. */
export class Done {
  #file;
  #sources;

  /**
   * @param file where it is remembered
   * @param sources paths of all files that the build reads
   */
  constructor(file, sources) {
    this.#file = file;
    this.#sources = stateOf(sources);
  }

  isCurrent() {
    const { sources, state, made } = this.#last();
    return sources === this.#sources && state === stateOf(made);
  }

  /** @returns paths of what the last build has written, some of which may be gone */
  lastMade() {
    return this.#last().made;
  }

  #last() {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      return { made: [] };
    }
  }

  /** @param made paths of all files that the build has written */
  note(made) {
    writeFileSync(this.#file, JSON.stringify({ sources: this.#sources, made, state: stateOf(made) }));
  }

  forget() {
    rmSync(this.#file, { force: true });
  }
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

export function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Moves a file, unless the same is there: whoever reads it meanwhile never sees half of it. */
export function publish(from, to) {
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
