import { cursorOf, type SecurityEventRow } from '../security-events/event-rows.js';
import { SecurityEventType } from '../security-events/event-types.js';

export enum SessionEventKind {
  OPENED = 'OPENED',
  REVOKED = 'REVOKED',
  EXPIRED = 'EXPIRED',
}

/** The security events that open or end a session, for the consoles of users. */
const kinds = {
  [SecurityEventType.LOGIN_SUCCEEDED]: SessionEventKind.OPENED,
  [SecurityEventType.LOGOUT]: SessionEventKind.REVOKED,
  [SecurityEventType.SESSION_REVOKED]: SessionEventKind.REVOKED,
  [SecurityEventType.REFRESH_TOKEN_REUSED]: SessionEventKind.REVOKED,
  [SecurityEventType.SESSION_EXPIRED]: SessionEventKind.EXPIRED,
} as const;

export const sessionEventTypes = Object.keys(kinds) as (keyof typeof kinds)[];

/** @param event one of `sessionEventTypes` */
export const sessionEventOf = (event: SecurityEventRow) => ({
  cursor: cursorOf(event),
  type: kinds[event.type as keyof typeof kinds],
  occurredAt: event.occurredAt,
  sessionId: event.sessionId,
});
export type SessionEvent = ReturnType<typeof sessionEventOf>;
