import { LRUCache } from 'lru-cache';
import type { Caller } from '../access/caller.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';

interface Principal {
  readonly caller: Caller;
  readonly expiresAt: Date;
}

interface Row {
  userId: string;
  isAdmin: boolean;
  expiresAt: Date;
}

const livingSession = `
  select u.id as "userId", u.is_admin as "isAdmin", s.expires_at as "expiresAt"
  from sessions s join users u on u.id = s.user_id
  where s.id = $1 and s.ended_at is null and u.is_active`;

/**
 * Which sessions live, and whose they are. Remembered, so that a request costs no statement in the
 * common case; forgotten in every process as soon as a commit changes the session or its user.
 */
export class Principals {
  private readonly known = new LRUCache<string, Principal>({ max: 50_000 });
  /** Counts what was forgotten: a row read before a change must not be remembered after it. */
  private changes = 0;

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    signals.on('session', (id) => this.forget(id));
    signals.on('user', (id) => this.forgetUser(id));
    for (const topic of ['roles', 'reset'] as const) signals.on(topic, () => this.forgetAll());
  }

  /** @returns who is behind a session, or undefined when it has ended, has expired or its user may not sign in */
  async find(sessionId: string): Promise<Caller | undefined> {
    const known = this.signals.isListening ? this.known.get(sessionId) : undefined;
    if (known && known.expiresAt > this.clock.now()) return known.caller;
    return this.load(sessionId);
  }

  /** For the process that made the change: it need not wait for the signal. */
  forget(sessionId: string): void {
    this.changes += 1;
    this.known.delete(sessionId);
  }

  private async load(sessionId: string): Promise<Caller | undefined> {
    const before = this.changes;
    const row = await this.database.sql.row<Row>(livingSession, [sessionId]);
    if (!row || row.expiresAt <= this.clock.now()) return undefined;
    const caller = { userId: row.userId, sessionId, isAdmin: row.isAdmin };
    if (before === this.changes) this.known.set(sessionId, { caller, expiresAt: row.expiresAt });
    return caller;
  }

  private forgetUser(userId: string): void {
    this.changes += 1;
    for (const [sessionId, principal] of this.known)
      if (principal.caller.userId === userId) this.known.delete(sessionId);
  }

  private forgetAll(): void {
    this.changes += 1;
    this.known.clear();
  }
}
