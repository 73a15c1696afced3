import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { appSecretOf } from '../app-secret.js';
import { writeNewFile } from '../backup/new-file.js';
import { takeBackup } from '../backup/take-backup.js';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { createErrorLogger } from '../operations/logging.js';
import { SecretBox } from '../secrets.js';
import { version } from '../settings/version.js';
import type { Environment } from './command.js';
import { Output } from './output.js';
import { Progress } from './progress.js';
import { withDatabaseUrl } from './with-database-url.js';

const standardOutput = '-';

/**
 * Writes a backup of the whole database as of now, also while the service runs.
 * @param path of a file that is not there yet; `-` is standard output, and what else is told then goes to the error output
 * @throws Refusal INVALID_INPUT; UnusableDatabaseError
 */
export async function backUp(env: Environment, path: string, output: Output): Promise<void> {
  const isPiped = path === standardOutput;
  if (isPiped && process.stdout.isTTY)
    throw refuse('INVALID_INPUT', 'A terminal shows no backup; give the name of a file.');
  const config = loadConfig(env);
  if (!config.databaseUrl && !existsSync(join(config.dataDir, 'postgres')))
    throw refuse('NOT_FOUND', `There is nothing to back up in ${config.dataDir}. Check DATA_DIR and DATABASE_URL.`);
  const secrets = new SecretBox(await appSecretOf(config));
  const program = await version();
  const progress = new Progress('rows');
  const header = await withDatabaseUrl(config, createErrorLogger(config), (url) => {
    const write = (to: Writable) =>
      takeBackup({ url, secrets, program, output: to, onRows: (done) => progress.at(done) });
    return isPiped ? write(process.stdout) : writeNewFile(path, write);
  })
    .catch(explainOutput)
    .finally(() => progress.end());
  const rows = header.tables.reduce((sum, table) => sum + Number(table.rows), 0);
  const told = isPiped ? output.to((text) => process.stderr.write(text)) : output;
  told.print(
    { file: isPiped ? null : path, takenAt: header.takenAt, tables: header.tables.length, rows },
    `${rows} rows of ${header.tables.length} tables were backed up. Keep APP_SECRET, too: without it the backup is of no use.`,
  );
}

/** Turns an error of the output, such as a full disk, into one line. */
function explainOutput(error: NodeJS.ErrnoException): never {
  const isOfOutput = ['open', 'write', 'fsync', 'link', 'rename'].includes(error.syscall ?? '');
  throw isOfOutput ? refuse('INVALID_INPUT', `The backup cannot be written (${error.code}); no file was left.`) : error;
}
