import pg from 'pg';
import type { Config } from '../config.js';
import { connectTime } from '../database/database-sockets.js';
import { type Absence, wordsOf } from '../database/replicas/absence.js';
import { type PrimaryAnswer, primaryQuestion } from '../database/replicas/primary-positions.js';
import { type ReplicaAnswer, replicaQuestion } from '../database/replicas/replica.js';
import type { Finding } from '../settings/finding.js';
import { noReplicas, replicaFinding } from '../settings/replica-findings.js';

/** Checks that each of DATABASE_REPLICA_URLS is a standby of the database. How far behind it is, a running service tells. */
export async function* examineReplicas({ databaseUrl, replicaUrls }: Config): AsyncGenerator<Finding> {
  if (!databaseUrl || !replicaUrls) {
    yield noReplicas;
    return;
  }
  const primary = await answerOf<PrimaryAnswer>(databaseUrl, primaryQuestion);
  for (const url of replicaUrls) {
    const { host } = new URL(url);
    try {
      const absence = absenceOf(await answerOf<ReplicaAnswer>(url, replicaQuestion), primary);
      yield replicaFinding(host, absence && wordsOf[absence]);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      yield replicaFinding(host, code ? `${wordsOf.away} (${code})` : wordsOf.away);
    }
  }
}

function absenceOf(replica: ReplicaAnswer, primary: PrimaryAnswer): Absence | undefined {
  if (!replica.isStandby) return 'not a replica';
  if (replica.server !== primary.server) return 'of another server';
  return replica.database === primary.database ? undefined : 'of another database';
}

async function answerOf<Answer>(connectionString: string, question: string): Promise<Answer> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTime, query_timeout: connectTime });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(question)).rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}
