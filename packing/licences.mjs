import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// `npm run licences`: the packages that the service is made of, with their licences. Exits with 1 for one that has not been
// looked at.

/** Licences that allow use, change and distribution of the whole; MPL-2.0 asks for the source of its own files only. */
const accepted = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense'],
  ...['CC0-1.0', 'PSF-2.0', 'Python-2.0', 'MPL-2.0'],
]);

/**
 * @param lock parsed package-lock.json
 * @returns packages that are installed without --omit=dev too, each version once, by name
 */
export function packagesOf(lock) {
  const found = new Map();
  for (const [path, { version, license, dev, devOptional }] of Object.entries(lock.packages)) {
    if (path === '' || dev || devOptional) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${version}`, { name, version, licence: license ?? 'none', path });
  }
  return [...found.values()].sort((one, other) =>
    `${one.name} ${one.version}` < `${other.name} ${other.version}` ? -1 : 1,
  );
}

/** @param licence an SPDX expression of names, AND, OR and parentheses */
export function isAccepted(licence) {
  const parts = licence.replace(/[()]/g, ' ').split(/\s+OR\s+/);
  return parts.some((part) => part.split(/\s+AND\s+/).every((name) => accepted.has(name.trim())));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const packages = packagesOf(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  for (const { name, version, licence } of packages) process.stdout.write(`${name} ${version} ${licence}\n`);
  const unknown = packages.filter(({ licence }) => !isAccepted(licence));
  for (const { name, licence } of unknown)
    process.stderr.write(`${name} has the licence ${licence}, which is not among the accepted ones\n`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
}
