import type { Session } from './session.entity.js';

/** What a presented refresh token was answered with. The session has ended if the token was reused. */
export interface Exchange {
  readonly session: Session;
  readonly successor: string;
}
