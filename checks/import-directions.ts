import { readdir, readFile } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { type Import, importsOf } from './imports-of.js';
import { capabilities, emptyNames, graphqlPackages, type Layer, layers, namesAllowed, typesForAll } from './layers.js';

/** Reads src/ and returns what stands against layers.ts, as `file:line: reason`. */
export async function importDirections(): Promise<string[]> {
  const entries = await readdir('src', { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
  const paths = files.map((file) => file.split(sep).join('/')).sort();
  const found = await Promise.all(
    paths.map(async (path) => violationsIn(path.slice('src/'.length), await readFile(path, 'utf8'))),
  );
  return found.flat();
}

/** @param path inside src/ */
export async function violationsIn(path: string, source: string): Promise<string[]> {
  const from = layerOf(path);
  const names = path.split(/[/.]/).filter((name) => emptyNames.includes(name));
  if (names.length > 0 && !namesAllowed.includes(path))
    return [`src/${path}: '${names.join(', ')}' says nothing about what is inside`];
  if (!from) return [`src/${path}: has no line in checks/layers.ts`];
  return (await importsOf(source)).flatMap((one) => {
    const reason = one.specifier.startsWith('.') ? againstFile(path, from, one) : againstPackage(from, one);
    return reason ? [`src/${path}:${one.line}: ${reason}`] : [];
  });
}

const layerOf = (path: string): Layer | undefined => layers.findLast(({ files }) => files.test(path));

function againstPackage(from: Layer, { specifier }: Import): string | undefined {
  if (from.mayUseGraphql || !graphqlPackages.test(specifier)) return undefined;
  return `${from.name} may not import ${specifier}`;
}

function againstFile(path: string, from: Layer, { specifier, isTypeOnly }: Import): string | undefined {
  const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
  if (target.startsWith('../')) return againstOutside(from, target);
  if (isTypeOnly && typesForAll.includes(target)) return undefined;
  const to = layerOf(target);
  if (!to) return `${target} has no line in checks/layers.ts`;
  if (layers.indexOf(to) < layers.indexOf(from)) return `${from.name} may not import ${to.name} (${target})`;
  return againstCapability(capabilityOf(path), capabilityOf(target));
}

/** Only the ORM's options name what lies beside src/: the migrations. */
function againstOutside(from: Layer, target: string): string | undefined {
  return from.name === 'database' && target.startsWith('../migrations/') ? undefined : `${target} is outside src/`;
}

function againstCapability(from: string | undefined, to: string | undefined): string | undefined {
  if (!from || !to || from === to || rankOf(from) < rankOf(to)) return undefined;
  return `${from} may not import ${to}`;
}

function capabilityOf(path: string): string | undefined {
  const [folder = ''] = path.split('/');
  return capabilities.flat().find((name) => name === folder);
}

const rankOf = (capability: string): number => capabilities.findIndex((line) => line.includes(capability));
