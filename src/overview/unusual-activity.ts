import type { Operation } from '../operation.js';
import { verificationStatus } from '../security-events/chain/verification-status.js';
import { sequenceRange } from '../security-events/event-range.js';
import { eventBySequence } from '../security-events/event-rows.js';
import { type Finding, UnusualActivityKind } from './findings.js';
import { lockedAccounts } from './locked-accounts.js';
import { failuresByAddress } from './many-failures.js';
import { rareEvents } from './rare-events.js';

/** Above every sequence number. */
const noEnd = String(2n ** 63n - 1n);

/**
 * Finds what people should look at: the gravest kind first, and of one kind what happened last or most. Reads a bounded
 * number of events of each type, the newest; failures are counted by hour.
 * @param since from when on; a fault of the chain is found however old it is
 */
export async function unusualActivity({ services }: Operation, since: Date): Promise<Finding[]> {
  const { sql } = services.database;
  const found = await chainFault(services, since);
  const range = await sequenceRange(sql, { since });
  if (range !== 'empty') {
    const span = { since, from: range.from ?? '0', to: range.to ?? noEnd };
    const searches = [failuresByAddress(sql, since), lockedAccounts(sql, span), rareEvents(sql, span)];
    found.push(...(await Promise.all(searches)).flat());
  }
  const order = Object.keys(UnusualActivityKind);
  return found.sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

async function chainFault(services: Operation['services'], since: Date): Promise<Finding[]> {
  const status = await verificationStatus(services);
  if (!status?.fault) return [];
  const { verifiedAt: at, fault } = status;
  const event = await eventBySequence(services.database.sql, fault.sequence);
  const criteria = { types: [], subjectId: null, actorId: null, ipAddress: null, since };
  const kind = UnusualActivityKind.CHAIN_FAULT;
  return [{ kind, count: 1, isLowerBound: false, firstAt: at, lastAt: at, lastEventId: event?.id ?? null, criteria }];
}
