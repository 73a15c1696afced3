import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { appSecretOf } from '../app-secret.js';
import { UnusableBackupError } from '../backup/backup-format.js';
import { OpenBackup, type Restored } from '../backup/restore-backup.js';
import { type Config, loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { withServices } from '../open-services.js';
import { createLogger } from '../operations/logging.js';
import { SecretBox } from '../secrets.js';
import { verifyChain } from '../security-events/chain/verify-chain.js';
import type { Environment } from './command.js';
import { tellReport } from './events.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';
import { withDatabaseUrl } from './with-database-url.js';

export interface Restoring {
  readonly keepSessions?: boolean;
  readonly keepMail?: boolean;
}

/**
 * Loads a backup into an empty database, brings the schema up to date, and verifies the record of security events; the exit
 * code is 1 when the record has a fault.
 * @param path of the file; `-` is standard input
 * @throws UnusableBackupError; UnusableDatabaseError; Refusal INVALID_INPUT for a file that cannot be read
 */
export async function restore(env: Environment, path: string, options: Restoring, output: Output): Promise<void> {
  const config = loadConfig(env);
  const secrets = new SecretBox(await secretOf(config));
  const backup = await OpenBackup.open(await inputOf(path), secrets);
  const keep = { sessions: options.keepSessions === true, mail: options.keepMail === true };
  const log = createLogger(config);
  const progress = new Progress('rows');
  await withDatabaseUrl(config, log, async (url) => {
    const onRows = (done: number) => progress.at(done);
    const restored = await backup.restore({ url, log, secrets, keep, onRows }).finally(() => progress.end());
    tell(restored, output);
    const report = await withServices(config, (services) => verifyChain(services));
    tellReport(report, output);
  });
}

/** Unlike a start, makes no secret: the backup needs the one that there was. */
async function secretOf(config: Config): Promise<string> {
  if (config.appSecret || existsSync(join(config.dataDir, 'app-secret'))) return appSecretOf(config);
  throw new UnusableBackupError(
    'A restore needs the APP_SECRET of the service that the backup was made of. Set it, or put its file app-secret into DATA_DIR.',
  );
}

async function inputOf(path: string) {
  if (path === '-' && process.stdin.isTTY)
    throw refuse('INVALID_INPUT', 'Nobody types a backup; give the name of a file.');
  if (path === '-') return process.stdin;
  const file = createReadStream(path);
  await new Promise((resolve, reject) => file.once('open', resolve).once('error', reject)).catch((error) => {
    throw refuse('INVALID_INPUT', `${path} cannot be read (${error.code}).`);
  });
  return file;
}

function tell({ header, leftOut, ...aftermath }: Restored, output: Output): void {
  const rows = header.tables.reduce((sum, table) => sum + Number(table.rows), 0);
  const { sessionsEnded, linksEnded, mailsDropped, apiTokens } = aftermath;
  const lines = [
    `${rows} rows of ${header.takenAt} were restored, and agree with the backup.`,
    `Ended: ${sessionsEnded} sessions, ${linksEnded} mailed links. Not sent: ${mailsDropped} mails that waited.`,
    ...(apiTokens > 0
      ? [`${apiTokens} API tokens are valid, with any that were revoked after the backup: look at them.`]
      : []),
    ...leftOut.map((name) => `Left out, because it is not of this service: table ${name}.`),
  ];
  output.print({ takenAt: header.takenAt, rows, ...aftermath, leftOut }, lines.join('\n'));
}
