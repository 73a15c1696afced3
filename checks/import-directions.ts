import { readdir, readFile } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { circlesIn } from './circles.js';
import { type Import, importsOf } from './imports-of.js';
import {
  emptyNames,
  entities,
  graphqlPackages,
  knowGraphql,
  layers,
  namesAllowed,
  namesStored,
  outside,
} from './layers.js';

/** Checks src/ against layers.ts. @returns violations as `file:line: reason`, and the import cycles */
export async function importDirections(): Promise<string[]> {
  const entries = await readdir('src', { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
  const paths = files.map((file) => file.split(sep).join('/').slice('src/'.length)).sort();
  const imports = new Map<string, readonly Import[]>();
  for (const path of paths) imports.set(path, await importsOf(await readFile(`src/${path}`, 'utf8')));
  const found = [...imports].flatMap(([path, all]) => violationsOf(path, all));
  const circles = circlesIn(new Map([...imports].map(([path, all]) => [path, targetsOf(path, all)])));
  return [...found, ...circles.map((files) => `src/: a circle of imports: ${files.join(', ')}`)];
}

/** @returns the files of src/ that this file imports */
const targetsOf = (path: string, imports: readonly Import[]): string[] =>
  imports.filter(({ specifier }) => specifier.startsWith('.')).map((one) => targetOf(path, one));

const targetOf = (path: string, { specifier }: Import): string =>
  posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');

/** @param path relative to src/ */
export const violationsIn = async (path: string, source: string): Promise<string[]> =>
  violationsOf(path, await importsOf(source));

function violationsOf(path: string, imports: readonly Import[]): string[] {
  const names = path.split(/[/.]/).filter((name) => emptyNames.includes(name));
  if (names.length > 0 && !namesAllowed.includes(path))
    return [`src/${path}: '${names.join(', ')}' says nothing about what is inside`];
  if (!placeOf(path)) return [`src/${path}: its folder has no line in checks/layers.ts`];
  return imports.flatMap((one) => {
    const reason = one.specifier.startsWith('.') ? againstFile(path, one) : againstPackage(path, one);
    return reason ? [`src/${path}:${one.line}: ${reason}`] : [];
  });
}

/** The most specific name in layers.ts for a file: a folder, or the file itself when it is directly in src/. */
function placeOf(path: string): string | undefined {
  const fits = layers.flat().filter((name) => path === name || path.startsWith(`${name}/`));
  return fits.sort((one, other) => other.length - one.length)[0];
}

const rankOf = (place: string): number => layers.findIndex((line) => line.includes(place));

function againstPackage(path: string, { specifier }: Import): string | undefined {
  if (knowGraphql.test(path) || !graphqlPackages.test(specifier)) return undefined;
  return `only api, graphql, http, resolvers and types may import ${specifier}`;
}

function againstFile(path: string, one: Import): string | undefined {
  const target = targetOf(path, one);
  const [from, to] = [placeOf(path), placeOf(target)];
  if (target.startsWith('../'))
    return from === outside.from && target.startsWith(outside.to) ? undefined : `${target} is outside src/`;
  if (!from || !to) return `${target} has no line in checks/layers.ts`;
  if (from !== to && rankOf(to) <= rankOf(from)) return `${from} may not import ${to} (${target})`;
  return againstKind(path, target);
}

/** Rules within a folder: use-cases must not import GraphQL, and entities only entities and stored names. */
function againstKind(path: string, target: string): string | undefined {
  if (knowGraphql.test(target) && !knowGraphql.test(path))
    return composes(path) ? undefined : `${path} may not know GraphQL (${target})`;
  if (!entities.test(path) || entities.test(target) || namesStored.test(target)) return undefined;
  return rankOf(placeOf(target) ?? '') < rankOf('policy') ? `an entity may not import ${target}` : undefined;
}

/** Files above http/ start the service, so they may import resolvers. */
const composes = (path: string): boolean => rankOf(placeOf(path) ?? '') < rankOf('http');
