import type { Config } from '../config.js';
import type { Services } from '../services.js';
import type { Finding } from './finding.js';

const check = 'mail';

/** @returns what there is to say when no mail server is configured; undefined when one is */
export function filesFinding({ mail, dataDir, production }: Config): Finding | undefined {
  if (mail.smtpUrl) return undefined;
  const told = `SMTP_URL is not set: mail is written to files in ${dataDir}/mail.`;
  return { check, state: production ? 'warning' : 'ok', told };
}

const tried = `
  select count(*)::int as count from jobs where task = 'mail' and attempts > 0 and last_error is not null and due_at is not null`;

/** Checks mail by what waits, without asking the server. */
export async function mailFinding({ config, database }: Services): Promise<Finding> {
  const files = filesFinding(config);
  if (files) return files;
  const row = await database.sql.row<{ count: number }>(tried);
  if (!row?.count) return { check, state: 'ok', told: 'No mail waits for another attempt.' };
  const told = `${row.count} could not be sent yet and will be tried again: gatehouse doctor asks the mail server.`;
  return { check, state: 'warning', told };
}
