import * as accountHistory from './account-history.js';
import { eventPartition } from './event-partition.js';
import type { Routine, Trigger } from './routine.js';
import { endSurplusSessions } from './session-cap.js';
import * as signals from './signal.js';

const everything: readonly (Routine | Trigger)[] = [
  ...Object.values(signals),
  eventPartition,
  endSurplusSessions,
  ...Object.values(accountHistory),
];

const isTrigger = (one: Routine | Trigger): one is Trigger => 'table' in one;

/** Every trigger and function that the database has once all migrations have run. */
export const triggers: readonly Trigger[] = everything.filter(isTrigger);
export const routines: readonly Routine[] = everything.filter((one) => !isTrigger(one));
