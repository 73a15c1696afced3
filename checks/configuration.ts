import { readFile } from 'node:fs/promises';

const documentation = 'docs/configuration.md';

/** Checks that docs/configuration.md has a row for every variable of config.ts, and no others. */
export async function documentedConfiguration(): Promise<string[]> {
  const read = namesIn(await readFile('src/config.ts', 'utf8'), /^ {2}([A-Z][A-Z0-9_]+):/gm);
  const documented = namesIn(await readFile(documentation, 'utf8'), /^\| `([A-Z][A-Z0-9_]+)`/gm);
  if (read.size === 0) return ['no variable found in src/config.ts'];
  return [
    ...[...read].filter((name) => !documented.has(name)).map((name) => `${documentation} has no row for ${name}`),
    ...[...documented].filter((name) => !read.has(name)).map((name) => `${documentation}: nothing reads ${name}`),
  ];
}

const namesIn = (text: string, pattern: RegExp): Set<string> =>
  new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
