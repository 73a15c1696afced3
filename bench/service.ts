import pg from 'pg';
import { createApp } from '../src/app.js';
import { loadConfig } from '../src/config.js';
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

countStatements();
const profile = new Profile();
const app = await createApp(loadConfig(process.env));

const calls = {
  port: () => Number(new URL(app.url).port),
  usage,
  collected,
  statements: () => statements,
  startProfile: () => profile.start(),
  stopProfile: () => profile.stop(),
};
export type ServiceCalls = typeof calls;

answer(calls);
