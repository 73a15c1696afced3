import type { SecurityEventType } from '../security-events/event-types.js';

/** What is unusual; also the values of the GraphQL enum. The gravest come first. */
export enum UnusualActivityKind {
  CHAIN_FAULT = 'CHAIN_FAULT',
  SIGNING_KEY_REVOKED = 'SIGNING_KEY_REVOKED',
  ADMINISTRATOR_MADE = 'ADMINISTRATOR_MADE',
  REFRESH_TOKEN_REUSED = 'REFRESH_TOKEN_REUSED',
  ACCOUNT_TAKEN_BACK = 'ACCOUNT_TAKEN_BACK',
  MANY_ACCOUNTS_LOCKED = 'MANY_ACCOUNTS_LOCKED',
  MANY_FAILURES_FROM_ADDRESS = 'MANY_FAILURES_FROM_ADDRESS',
  USERS_EXPORTED = 'USERS_EXPORTED',
  DATABASE_RESTORED = 'DATABASE_RESTORED',
  ADMINISTRATORS_API_TOKEN = 'ADMINISTRATORS_API_TOKEN',
}

/** The filter by which the events of a finding are listed. */
export interface EventCriteria {
  readonly types: readonly SecurityEventType[];
  readonly subjectId: string | null;
  readonly actorId: string | null;
  readonly ipAddress: string | null;
  readonly since: Date;
}

export interface Finding {
  readonly kind: UnusualActivityKind;
  /** How often it happened. */
  readonly count: number;
  /** Whether it may have happened more often, because not all events were read. */
  readonly isLowerBound: boolean;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Null for a fault of the chain at an event that is gone. */
  readonly lastEventId: string | null;
  readonly criteria: EventCriteria;
}

/** Of one kind, those that happened last. */
export const mostOfKind = 10;
export const mostFindings = mostOfKind * Object.keys(UnusualActivityKind).length;
