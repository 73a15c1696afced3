import type { Services } from '../../services.js';
import type { ChainReport } from './chain-walk.js';

export interface Verification {
  readonly verifiedAt: Date;
  readonly report: ChainReport;
}

const newest = `
  select v.verified_at as "verifiedAt", v.report from event_verifications v order by v.position desc limit 1`;

/** @returns the report that was kept last; undefined when there is none */
export const lastReport = ({ database }: Services): Promise<Verification | undefined> =>
  database.sql.row<Verification>(newest);

export async function keepReport({ database, clock }: Services, report: ChainReport): Promise<void> {
  const text = 'insert into event_verifications (verified_at, report) values ($1, $2)';
  await database.sql.rows(text, [clock.now(), JSON.stringify(report)]);
}
