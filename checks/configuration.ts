import { readFile } from 'node:fs/promises';
import { variables } from '../src/environment/environment.js';

const documentation = 'docs/configuration.md';

/** Checks that docs/configuration.md has a row for every variable of src/environment, and no others. */
export async function documentedConfiguration(): Promise<string[]> {
  const read = new Set(variables);
  const documented = namesIn(await readFile(documentation, 'utf8'), /^\| `([A-Z][A-Z0-9_]+)`/gm);
  return [
    ...[...read].filter((name) => !documented.has(name)).map((name) => `${documentation} has no row for ${name}`),
    ...[...documented].filter((name) => !read.has(name)).map((name) => `${documentation}: nothing reads ${name}`),
  ];
}

const namesIn = (text: string, pattern: RegExp): Set<string> =>
  new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
