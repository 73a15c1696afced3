import pg from 'pg';
import { createApp } from '../src/app.js';
import { loadConfig } from '../src/config.js';
import { Transaction } from '../src/database/transaction.js';
import { verifyChain } from '../src/security-events/chain/verify-chain.js';
import { answer, usage } from './calls.js';
import { collected } from './collected.js';
import { Profile } from './profile.js';

// Runs the service as it is shipped, in a process that answers calls about itself.

let statements = 0;
/** Counts at the driver, through which all statements pass: reads, transactions and rate limits. */
function countStatements(): void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    statements += 1;
    return Reflect.apply(query, this, args);
  } as typeof query;
}

/** For the comparison of the bench only: events of changes are not recorded. `record` alone does something before the commit. */
function recordNothing(): void {
  Transaction.prototype.beforeCommit = () => undefined;
}

countStatements();
if (process.env['BENCH_RECORDING'] === 'off') recordNothing();
const profile = new Profile();
const app = await createApp(loadConfig(process.env));

const calls = {
  port: () => Number(new URL(app.url).port),
  usage,
  collected,
  statements: () => statements,
  redisFailures: () => [...(app.services.redis?.figures.failures ?? [])].map(([reason, times]) => `${reason} ${times}`),
  /** In good order, so that nobody waits for it any more. */
  close: () => app.close(),
  /** Sign-ins that wait for their turn to be hashed. */
  waiting: () => app.services.passwords.queue.waiting,
  verify: async () => {
    const start = performance.now();
    const { verified, fault } = await verifyChain(app.services);
    if (fault) throw new Error(`The chain does not fit: ${fault.kind}`);
    return { verified, seconds: (performance.now() - start) / 1000 };
  },
  startProfile: () => profile.start(),
  stopProfile: () => profile.stop(),
};
export type ServiceCalls = typeof calls;

answer(calls);
