import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { withServices } from '../open-services.js';
import type { ChainFault, ChainReport } from '../security-events/chain/chain-walk.js';
import { verifyChain } from '../security-events/chain/verify-chain.js';
import { cursorOf, type SecurityEventRow } from '../security-events/event-rows.js';
import { eventsBehind } from '../security-events/read-events.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';

const told: Readonly<Record<ChainFault['kind'], (sequence: string) => string>> = {
  ALTERED: (sequence) => `event ${sequence} was altered`,
  MISSING: (sequence) => `event ${sequence} is missing`,
  INSERTED: (sequence) => `event ${sequence} was inserted`,
  REORDERED: (sequence) => `event ${sequence} stands in another's place`,
  TRUNCATED: (sequence) => `the events from ${sequence} on are gone, which a signed head tells of`,
  REPLACED: (sequence) => `event ${sequence} is not the one that a signed head tells of`,
  HEADS: () => 'the signed heads were tampered with, or APP_SECRET is not that of the service that signed them',
};

const batchSize = 1000;

/**
 * Prints the published events, the oldest first, as JSON Lines, with their number and cursor. To go on later, give the
 * number of the last one.
 * @throws Refusal INVALID_INPUT
 */
export async function exportEvents(env: Environment, { after = '0' }: { readonly after?: string }): Promise<void> {
  if (!/^\d{1,15}$/.test(after)) throw refuse('INVALID_INPUT', '--after takes the number of an event.');
  await withServices(loadConfig(env), async ({ database }) => {
    for (let events: SecurityEventRow[] = []; ; ) {
      events = await eventsBehind(database.sql, Number(events.at(-1)?.sequence ?? after), batchSize);
      for (const event of events) await write(`${JSON.stringify({ ...event, cursor: cursorOf(event) })}\n`);
      if (events.length < batchSize) return;
    }
  });
}

/** Waits while whoever reads the output is slow. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/**
 * Verifies the chain of security events and prints what it found; the exit code is 1 when something does not fit.
 * @param options `heads`: file with heads that were kept elsewhere, one a line
 */
export async function verifyEvents(
  env: Environment,
  { heads }: { readonly heads?: string },
  output: Output,
): Promise<void> {
  const kept = heads ? (await readFile(heads, 'utf8')).split(/\r?\n/).filter((line) => line !== '') : [];
  tellReport(await withServices(loadConfig(env), (services) => verifyChain(services, kept)), output);
}

/** Prints a verification; the exit code is 1 when it has found a fault. */
export function tellReport(report: ChainReport, output: Output): void {
  output.print(report, summaryOf(report));
  if (!report.fault) return;
  process.stderr.write(`gatehouse: ${told[report.fault.kind](report.fault.sequence)}.\n`);
  process.exitCode = 1;
}

function summaryOf({ from, to, verified, uncovered, heads }: ChainReport): string {
  const range = from === null ? 'No event was verified.' : `${verified} events were verified, from ${from} to ${to}.`;
  const before = uncovered > 0 ? ` ${uncovered} are older than the chain and not covered.` : '';
  const signed = heads > 0 ? `${heads} signed heads agree.` : 'No head was signed since.';
  return `${range}${before} ${signed}`;
}
