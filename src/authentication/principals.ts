import { LRUCache } from 'lru-cache';
import type { Caller } from '../access/caller.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import { hashToken } from '../secrets.js';

interface Principal {
  readonly caller: Caller;
  /** Null: not by itself. */
  readonly expiresAt: Date | null;
}

interface SessionRow {
  userId: string;
  isAdmin: boolean;
  expiresAt: Date;
}

interface TokenRow {
  id: string;
  userId: string;
  isAdmin: boolean;
  scopes: string[];
  expiresAt: Date | null;
}

const livingSession = `
  select u.id as "userId", u.is_admin as "isAdmin", s.expires_at as "expiresAt"
  from sessions s join users u on u.id = s.user_id
  where s.id = $1 and s.ended_at is null and u.is_active`;

const livingToken = `
  select t.id, t.scopes, t.expires_at as "expiresAt", u.id as "userId", u.is_admin as "isAdmin"
  from api_tokens t join users u on u.id = t.user_id
  where t.token_hash = $1 and t.revoked_at is null and u.is_active`;

/**
 * Which sessions and API tokens live, and whose they are. Remembered, so that a request costs no
 * statement in the common case; forgotten in every process as soon as a commit changes one of them or
 * its user. While such commits cannot be heard, the database is asked.
 */
export class Principals {
  /** By session id, or by the API token's hash. */
  private readonly known = new LRUCache<string, Principal>({ max: 50_000 });
  /** Counts what was forgotten: a row read before a change must not be remembered after it. */
  private changes = 0;

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    signals.on('session', (id) => this.forget(id));
    signals.on('token', (id) => this.forgetWhere(({ apiToken }) => apiToken?.id === id));
    signals.on('user', (id) => this.forgetUser(id));
    for (const topic of ['roles', 'reset'] as const) signals.on(topic, () => this.forgetWhere(() => true));
  }

  /** @returns who is behind a session, or undefined when it has ended, has expired or its user may not sign in */
  bySession(sessionId: string): Promise<Caller | undefined> {
    return this.find(sessionId, async () => {
      const row = await this.database.sql.row<SessionRow>(livingSession, [sessionId]);
      return (
        row && {
          caller: { userId: row.userId, sessionId, isAdmin: row.isAdmin, apiToken: null },
          expiresAt: row.expiresAt,
        }
      );
    });
  }

  /** @returns who is behind an API token, or undefined when it is unknown, revoked, expired or its owner may not sign in */
  byApiToken(token: string): Promise<Caller | undefined> {
    const hash = hashToken(token);
    return this.find(hash.toString('base64'), async () => {
      const row = await this.database.sql.row<TokenRow>(livingToken, [hash]);
      const apiToken = row && { id: row.id, scopes: row.scopes };
      return (
        row && {
          caller: { userId: row.userId, sessionId: null, isAdmin: row.isAdmin, apiToken: apiToken ?? null },
          expiresAt: row.expiresAt,
        }
      );
    });
  }

  /** For the process that made the change: it need not wait for the signal. */
  forget(sessionId: string): void {
    this.changes += 1;
    this.known.delete(sessionId);
  }

  /** The same for everything a user is signed in with. */
  forgetUser(userId: string): void {
    this.forgetWhere((caller) => caller.userId === userId);
  }

  private async find(key: string, read: () => Promise<Principal | undefined>): Promise<Caller | undefined> {
    const known = this.signals.isListening ? this.known.get(key) : undefined;
    if (known && this.isCurrent(known)) return known.caller;
    const before = this.changes;
    const principal = await read();
    if (!principal || !this.isCurrent(principal)) return undefined;
    if (before === this.changes) this.known.set(key, principal);
    return principal.caller;
  }

  private isCurrent({ expiresAt }: Principal): boolean {
    return expiresAt === null || expiresAt > this.clock.now();
  }

  private forgetWhere(matches: (caller: Caller) => boolean): void {
    this.changes += 1;
    for (const [key, { caller }] of this.known) if (matches(caller)) this.known.delete(key);
  }
}
