import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../../config.js';
import { importModule } from '../../loading/load.js';
import { bareEnvironment, type PostgresUser } from './embedded-postgres-user.js';
import { publicCopy } from './public-copy.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where root copies the programs for an account that cannot reach the npm package; the first usable one is taken. */
const cacheDirs = ['/var/cache/gatehouse', join(tmpdir(), 'gatehouse-cache')];

/** Finds the PostgreSQL programs of the npm package, or copies them to a place from which `user` can run them. */
export async function postgresBinaries(user: PostgresUser): Promise<PostgresBinaries> {
  const { binaries, version } = await packagedBinaries();
  return (await canRun(binaries, user)) ? binaries : cachedBinaries(binaries, version, user, cacheDirs);
}

/**
 * Resolves the platform package only. Importing `embedded-postgres` itself would install exit hooks that kill
 * PostgreSQL before the service has finished its last queries.
 */
async function packagedBinaries() {
  const entry = entryOfPackage();
  const binaries = (await importModule(entry)) as PostgresBinaries;
  const manifest = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'));
  return { binaries, version: `${manifest.version}-${process.arch}` };
}

function entryOfPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(library).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new ConfigError('DATABASE_URL: must be set, because no PostgreSQL of its own was installed with the service');
  }
}

async function canRun({ postgres }: PostgresBinaries, user: PostgresUser): Promise<boolean> {
  if (!user) return true;
  return promisify(execFile)(postgres, ['--version'], { ...user, cwd: '/', env: bareEnvironment() }).then(
    () => true,
    () => false,
  );
}

/**
 * Copies the programs once per version. Exported for its test.
 * @param directories tried in order
 * @throws AggregateError with the reason for each directory when none can be used
 */
export async function cachedBinaries(
  source: PostgresBinaries,
  version: string,
  user: PostgresUser,
  directories: readonly string[],
): Promise<PostgresBinaries> {
  const reasons: unknown[] = [];
  for (const directory of directories) {
    try {
      const copy = await publicCopy(dirname(dirname(source.postgres)), directory, `postgres-${version}`);
      const binaries = inside(join(copy, 'bin'), source);
      if (await canRun(binaries, user)) return binaries;
      reasons.push(new Error(`${copy} cannot be run from`));
    } catch (error) {
      reasons.push(error);
    }
  }
  throw new AggregateError(reasons, `no place for PostgreSQL's programs among ${directories.join(', ')}`);
}

function inside(directory: string, { initdb, postgres }: PostgresBinaries): PostgresBinaries {
  return { initdb: join(directory, basename(initdb)), postgres: join(directory, basename(postgres)) };
}
