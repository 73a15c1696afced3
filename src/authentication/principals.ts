import type { RoleCatalogue } from '../access/role-catalogue.js';
import { type StandingRow, standingColumns, standingOf } from '../access/standing.js';
import { type RememberedAccount, rememberedColumns, sizeOfAccount } from '../accounts/remembered-account.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { type CacheUse, SignalledCache } from '../database/signalled-cache.js';
import type { Signals } from '../database/signals.js';
import { isUuid } from '../database/uuid.js';
import type { Caller } from '../policy/caller.js';
import { Rights } from '../policy/rights.js';
import { hashToken } from '../secrets.js';

declare module '../services.js' {
  interface Services {
    readonly principals: Principals;
  }
}

interface Principal {
  readonly caller: Caller & { readonly account: RememberedAccount };
  /** Null: does not expire. */
  readonly expiresAt: Date | null;
}

type AccountRow = StandingRow & RememberedAccount;

interface SessionRow extends AccountRow {
  readonly sessionId: string;
  readonly expiresAt: Date;
}

interface TokenRow extends AccountRow {
  readonly apiTokenId: string;
  readonly hash: Buffer;
  readonly scopes: string[];
  readonly expiresAt: Date | null;
}

const columns = `${standingColumns('$2')}, ${rememberedColumns}`;

const livingSessions = `
  select s.id as "sessionId", s.expires_at as "expiresAt", ${columns}
  from sessions s join users u on u.id = s.user_id
  where s.id = any($1::uuid[]) and s.ended_at is null and u.is_active`;

const livingTokens = `
  select t.id as "apiTokenId", t.token_hash as hash, t.scopes, t.expires_at as "expiresAt", ${columns}
  from api_tokens t join users u on u.id = t.user_id
  where t.token_hash = any($1::bytea[]) and t.revoked_at is null and u.is_active`;

/** Identifies what a caller signed in with: the id of a session, or the base64 hash of an API token. */
export type PrincipalKey = string;

const encoding = 'base64';
export const keyOfApiToken = (token: string): PrincipalKey => hashToken(token).toString(encoding);

/** Size of the cache in UTF-16 units of text: 40,000 callers with short profiles. */
const mostRemembered = 32 * 2 ** 20;
/** Estimated size of an entry beside its account, in UTF-16 units: credential, held roles and rules. */
const overhead = 400;

/** Sessions and API tokens that are valid, and whose they are, with their accounts. In memory, so that most requests need no statement. */
export class Principals {
  private readonly known: SignalledCache<Principal>;

  constructor(
    private readonly database: Database,
    signals: Signals,
    private readonly clock: Clock,
    private readonly roleCatalogue: RoleCatalogue,
  ) {
    this.known = new SignalledCache(signals, {
      topics: ['roles'],
      bounds: { maxSize: mostRemembered, sizeCalculation: ({ caller }) => overhead + sizeOfAccount(caller.account) },
      isCurrent: (principal, at = clock.now()) => isCurrent(principal, at),
      groupOf: ({ caller }) => caller.userId,
    });
    signals.on('session', (id) => this.forget(id));
    signals.on('token', (id) => this.known.forgetWhere(({ caller }) => caller.apiToken?.id === id));
    signals.on('user', (id) => this.forgetUser(id));
  }

  get cacheUse(): CacheUse {
    return this.known.use;
  }

  /** Changes whenever entries are dropped. */
  get version(): number {
    return this.known.version;
  }

  /** @returns the caller behind a session; undefined if it has ended or expired or its user is deactivated */
  bySession(sessionId: string): Promise<Caller | undefined> {
    return this.find(sessionId);
  }

  /**
   * @returns the caller behind an API token; undefined if it is unknown, revoked or expired or its owner is deactivated
   */
  byApiToken(token: string): Promise<Caller | undefined> {
    return this.find(keyOfApiToken(token));
  }

  /** @returns the caller as remembered, without waiting; undefined when the database has to be asked */
  peek(key: PrincipalKey, at: Date): Caller | undefined {
    return this.known.peek(key, at)?.caller;
  }

  /**
   * Checks many principals at once. Cached ones need no statement; the others need one for all sessions and one for all
   * API tokens.
   * @returns the keys of those that are no longer valid
   */
  async ended(keys: readonly PrincipalKey[]): Promise<PrincipalKey[]> {
    if (keys.length === 0) return [];
    const known = await this.known.peekAll(keys);
    const doubtful = keys.filter((key) => !known.has(key));
    if (doubtful.length === 0) return [];
    const living = await this.read(doubtful);
    return doubtful.filter((key) => !living.has(key));
  }

  /** Drops a session from this process's cache. Call it after a change; other processes are notified by a signal. */
  forget(sessionId: string): void {
    this.known.forget(sessionId);
  }

  /** Drops all sessions and API tokens of a user from this process's cache. */
  forgetUser(userId: string): void {
    this.known.forgetGroup(userId);
  }

  private async find(key: PrincipalKey): Promise<Caller | undefined> {
    const principal =
      this.known.peek(key) ?? (await this.known.get(key, async () => (await this.readAll([key])).get(key)));
    return principal?.caller;
  }

  private read(keys: readonly PrincipalKey[]): Promise<Map<PrincipalKey, Principal>> {
    return this.known.read(() => this.readAll(keys));
  }

  private async readAll(keys: readonly PrincipalKey[]): Promise<Map<PrincipalKey, Principal>> {
    // Before the statement: a session that is refreshed while it runs may not pass for expired.
    const asked = this.clock.now();
    const found = [
      ...(await this.readSessions(keys.filter(isUuid))),
      ...(await this.readTokens(keys.filter((key) => !isUuid(key)))),
    ];
    return new Map(found.filter(([, principal]) => isCurrent(principal, asked)));
  }

  private async readSessions(ids: readonly string[]): Promise<[PrincipalKey, Principal][]> {
    if (ids.length === 0) return [];
    const rows = await this.database.sql.rows<SessionRow>(livingSessions, [ids, this.clock.now()]);
    const book = await this.roleCatalogue.current();
    return rows.map(({ sessionId, expiresAt, held, userId, ...account }) => {
      const rights = new Rights(standingOf({ held, userId, ...account }), book, this.clock);
      return [sessionId, { caller: { userId, sessionId, apiToken: null, rights, account }, expiresAt }];
    });
  }

  private async readTokens(keys: readonly PrincipalKey[]): Promise<[PrincipalKey, Principal][]> {
    const hashes = keys.map((key) => Buffer.from(key, encoding));
    if (keys.length === 0) return [];
    const rows = await this.database.sql.rows<TokenRow>(livingTokens, [hashes, this.clock.now()]);
    const book = await this.roleCatalogue.current();
    return rows.map(({ apiTokenId: id, hash, scopes, expiresAt, held, userId, ...account }) => {
      const rights = new Rights(standingOf({ held, userId, ...account }), book, this.clock, scopes);
      const caller = { userId, sessionId: null, apiToken: { id, scopes }, rights, account };
      return [hash.toString(encoding), { caller, expiresAt }];
    });
  }
}

const isCurrent = ({ expiresAt }: Principal, at: Date): boolean => expiresAt === null || expiresAt > at;
