import type { GraphQLResolveInfo } from 'graphql';
import { isUnanswered } from '../database/connection-failure.js';
import type { NotedWriter } from '../database/replicas/noted-writer.js';
import type { CodedError } from '../errors.js';
import type { Operation, RequestClient } from '../operation.js';
import type { Meter } from '../operations/meter.js';
import type { Span } from '../operations/span.js';
import type { TracePlace } from '../operations/traceparent.js';
import type { Work } from '../operations/work.js';
import type { Caller, Identity } from '../policy/caller.js';
import type { Services } from '../services.js';
import { OperationWork } from './operation-work.js';

/** One of the service's HttpOnly cookies. */
export interface Cookie {
  read(): string | undefined;
  /** @param expiresAt undefined: the cookie lasts until the browser closes */
  write(token: string, expiresAt: Date | undefined): void;
  clear(): void;
}

/** The cookies of one request. */
export interface Cookies {
  /** False for a request of an origin that may not call; then cookies are neither read nor set. */
  readonly count: boolean;
  /** May contain the refresh token. */
  readonly refresh: Cookie;
  /** Identifies a device that has signed in before. */
  readonly device: Cookie;
}

/** Batch loaders of the rows of one answer; api/loaders.ts declares them. */
// biome-ignore lint/suspicious/noEmptyInterface: filled where they are wired
export interface Loaders {}

/** A field that was refused and is null in the answer. */
export interface Refused {
  readonly error: CodedError;
  readonly info: GraphQLResolveInfo;
}

export interface Arrival {
  readonly services: Services;
  readonly createLoaders: (services: Services) => Loaders;
  readonly identity: Identity;
  /** Determined when it is first used, and the same from then on. */
  readonly client: () => RequestClient;
  /** Of the operation; undefined when it is not recorded. */
  readonly span: Span | undefined;
  /** The place in a trace that the client has named. */
  readonly trace: TracePlace | undefined;
  /** Absent on websockets, which cannot set cookies. */
  readonly cookies: Cookies | undefined;
  /** Authenticates the credential again; subscriptions do so for each event. */
  readonly identify: () => Promise<Identity>;
  /** Like `identify`, from memory and without waiting; undefined when that does not tell. @param at now, when it is known */
  readonly identifyNow: (at?: Date) => Identity | undefined;
  /** Creates a meter; each operation has its own. */
  readonly meter: () => Meter;
}

/** How far an operation has come. */
interface Progress {
  /** Set once the operation is known. The answer to a query brings no new secret. */
  isQuery: boolean;
  isReported: boolean;
}

/** What the rule of a field may ask. */
export type Asker = Pick<Context, 'caller' | 'refused'>;

/** What resolvers get for one operation. */
export class Context implements Operation {
  /** Statements run through these services are counted for this operation and cancelled when it ends. */
  readonly services: Services;
  readonly meter: Meter;
  readonly work: OperationWork;
  /** `performance.now()` when the request, or the operation on a websocket, arrived. */
  readonly startedAt = performance.now();
  /** Fields that were refused and are null in the answer. */
  readonly refusals: Refused[] = [];
  /** An object, because Apollo works on a copy of the context. */
  readonly progress: Progress = { isQuery: false, isReported: false };
  caller: Caller | null;
  /** Whether a credential was presented that is invalid. */
  refused: boolean;
  readonly cookies: Cookies | undefined;
  /** Users who proved their identity in this operation, and the sessions it opened. They may read their own account. */
  private proved: Set<string> | undefined;
  private provedUsers: Set<string> | undefined;
  private hasBegunChange = false;
  /** Undefined for anonymous callers, and without replicas. */
  private readonly writer: NotedWriter | undefined;
  private versionBefore = 0;
  /** Checked by subscriptions before each event. Refuses until `guardSubscriptions` sets the rule of the field. */
  mayGoOn: (at?: Date) => boolean | Promise<boolean> = () => false;
  private lazyLoaders: Loaders | undefined;

  constructor(private readonly arrival: Arrival) {
    this.meter = arrival.meter();
    this.work = new OperationWork(arrival.client, arrival.span, arrival.trace);
    this.meter.work = this.work;
    const { caller } = arrival.identity;
    this.writer = caller ? arrival.services.replicas?.writerOf(caller.userId) : undefined;
    this.services = servicesWithin(arrival.services, this.meter, this.work, this.writer);
    this.caller = arrival.identity.caller;
    this.refused = arrival.identity.refused;
    this.cookies = arrival.cookies;
  }

  get client(): RequestClient {
    return this.arrival.client();
  }

  get loaders(): Loaders {
    this.lazyLoaders ??= this.arrival.createLoaders(this.services);
    return this.lazyLoaders;
  }

  /** Ends the operation's metering. From here on its answer counts as being sent. */
  finish(): void {
    this.meter.stop();
    this.meter.release();
  }

  /** Drops the loaders, so that rows loaded before a change are not shown after it. */
  forgetLoaded(): void {
    this.lazyLoaders = undefined;
  }

  /**
   * Called before each mutation field. From the second one on, the caller is authenticated again: a document may
   * contain many slow mutations, and a session or right may end during one of them.
   */
  async beginChange(): Promise<void> {
    this.forgetLoaded();
    if (this.hasBegunChange) ({ caller: this.caller, refused: this.refused } = await this.arrival.identify());
    this.hasBegunChange = true;
    this.writer?.begin();
    this.versionBefore = this.rememberedVersion;
  }

  /**
   * Called after each mutation field. If the change affected data that processes cache, or a replica may not have it yet,
   * waits until every process knows, then authenticates the caller again, so that the payload shows only what the caller may still
   * read. If the database is unavailable by then, the caller stays as it was.
   */
  async endChange(): Promise<void> {
    await this.services.replicas?.tell(this.untoldWriters);
    if (this.rememberedVersion === this.versionBefore) return;
    await this.services.echo.heardEverywhere();
    if (!this.caller) return;
    const identity = await this.arrival.identify().catch(whileAway);
    if (identity) ({ caller: this.caller, refused: this.refused } = identity);
  }

  /** Sum of the versions of the data that processes answer from memory, and of what replicas may not have. */
  private get rememberedVersion(): number {
    const { principals, publicPosts, replicas } = this.services;
    return principals.version + publicPosts.version + (replicas?.ownWrites.version ?? 0);
  }

  /** For whom the mutation may have written without a transaction that says so: a single statement signs somebody in. */
  private get untoldWriters(): string[] {
    const { writer } = this;
    return [...(writer && !writer.isTold ? [writer.userId] : []), ...(this.provedUsers ?? [])];
  }

  /**
   * Has the lists of this operation read from a replica, if one has all that the caller has written. Only for a query of
   * nothing but lists: what else an operation reads belongs to the same instant.
   */
  readListsElsewhere(): void {
    const { replicas, database } = this.services;
    if (replicas && this.caller) database.readListsFrom(replicas.routeFor(this.caller.userId, this.meter));
  }

  /**
   * Called when the caller's session has ended. The rest of the operation is anonymous, except that it may still read
   * the caller's own account.
   */
  leave(): void {
    this.cookies?.refresh.clear();
    if (this.caller) this.recognize(this.caller.userId);
    this.caller = null;
    this.refused = true;
  }

  /** Creates a context of the same request as of now, with a new authentication and empty loaders. */
  async renewed(): Promise<Context> {
    const identity = this.arrival.identifyNow() ?? (await this.arrival.identify());
    // Events are not recorded: there are too many of them.
    return new Context({ ...this.arrival, identity, span: undefined });
  }

  /**
   * Checks a rule for the caller as of now, with a new authentication: at once when memory tells who it is, otherwise
   * the promise waits for the database. From then on the context has the rights of that time.
   * @param at now, when it is known
   */
  stillMay(rule: (asker: Asker) => unknown, at?: Date): boolean | Promise<boolean> {
    const identity = this.arrival.identifyNow(at);
    if (identity) return this.may(identity, rule);
    return this.arrival.identify().then((found) => this.may(found, rule));
  }

  private may(identity: Identity, rule: (asker: Asker) => unknown): boolean {
    // An event that is on its way when a session ends is still charged to its account.
    this.caller = identity.caller ?? this.caller;
    return rule(identity) === true;
  }

  /**
   * Notes that the caller has proved to be this user, by a password or a mailed token.
   * @param sessionId the session that this opened
   */
  recognize(userId: string, sessionId?: string): void {
    this.proved ??= new Set();
    this.proved.add(userId);
    this.provedUsers ??= new Set();
    this.provedUsers.add(userId);
    if (sessionId) this.proved.add(sessionId);
  }

  /** Whether this is the caller's session, or one that this operation has opened. */
  isCurrentSession(id: string): boolean {
    return this.caller?.sessionId === id || this.proved?.has(id) === true;
  }

  /** Whether this user has proved their identity in this operation; see `recognize`. */
  hasProved(userId: string): boolean {
    return this.proved?.has(userId) === true;
  }
}

const servicesWithin = (services: Services, meter: Meter, work: Work, writer: NotedWriter | undefined): Services =>
  Object.assign<Services, object>(Object.create(services), {
    database: services.database.within(meter, writer),
    ...(work.span && { passwords: services.passwords.within(work) }),
  });

function whileAway(error: unknown): undefined {
  if (!isUnanswered(error)) throw error;
}
