import type { GraphQLResolveInfo } from 'graphql';
import { isUnanswered } from '../database/connection-failure.js';
import type { CodedError } from '../errors.js';
import type { Client, Operation } from '../operation.js';
import type { Meter } from '../operations/meter.js';
import type { Caller, Identity } from '../policy/caller.js';
import type { Services } from '../services.js';

/** An HttpOnly cookie of ours. */
export interface Cookie {
  read(): string | undefined;
  /** @param expiresAt undefined: until the browser closes */
  write(token: string, expiresAt: Date | undefined): void;
  clear(): void;
}

/** The cookies of one request. */
export interface Cookies {
  /** False for a page that may not call: then they are not read, and none is set. */
  readonly count: boolean;
  /** Can carry the refresh token. */
  readonly refresh: Cookie;
  /** Tells a device that has signed in before. */
  readonly device: Cookie;
}

/** Read together what the objects of one answer ask for singly. `api/loaders.ts` says which there are. */
// biome-ignore lint/suspicious/noEmptyInterface: filled where they are wired
export interface Loaders {}

/** A field that was refused and is null. */
export interface Refused {
  readonly error: CodedError;
  readonly info: GraphQLResolveInfo;
}

export interface Arrival {
  readonly services: Services;
  readonly createLoaders: (services: Services) => Loaders;
  readonly identity: Identity;
  /** Worked out when somebody asks. */
  readonly client: () => Client;
  /** Absent on websockets, which cannot set any. */
  readonly cookies: Cookies | undefined;
  /** Asks again who is calling: subscriptions outlive the answer. */
  readonly identify: () => Promise<Identity>;
  /** A new one for each operation. */
  readonly meter: () => Meter;
}

/** What resolvers are given for one operation. */
export class Context implements Operation {
  /** Statements that go through these are counted, and end, with the operation. */
  readonly services: Services;
  readonly meter: Meter;
  /** Fields that were refused and are null in the answer. */
  readonly refusals: Refused[] = [];
  caller: Caller | null;
  /** A credential was presented and does not hold. */
  refused: boolean;
  readonly cookies: Cookies | undefined;
  /** Users who proved in this very operation who they are, and the sessions they opened: they may read their own account. */
  private readonly proved = new Set<string>();
  private hasBegunChange = false;
  private versionBefore = 0;
  /** Asked by subscriptions before each event. Nobody may until the rule table says otherwise. */
  mayGoOn: () => Promise<boolean> = async () => false;
  private lazyClient: Client | undefined;
  private lazyLoaders: Loaders | undefined;

  constructor(private readonly arrival: Arrival) {
    this.meter = arrival.meter();
    this.services = servicesWithin(arrival.services, this.meter);
    this.caller = arrival.identity.caller;
    this.refused = arrival.identity.refused;
    this.cookies = arrival.cookies;
  }

  get client(): Client {
    this.lazyClient ??= this.arrival.client();
    return this.lazyClient;
  }

  get loaders(): Loaders {
    this.lazyLoaders ??= this.arrival.createLoaders(this.services);
    return this.lazyLoaders;
  }

  /** The answer is made; from now on it counts as one that is sent. */
  finish(): void {
    this.meter.stop();
    this.meter.release();
  }

  /** What was loaded before a change is not shown after it. */
  forgetLoaded(): void {
    this.lazyLoaders = undefined;
  }

  /** A document may hold many slow changes: whose session or right has ended during one of them makes no other. */
  async beginChange(): Promise<void> {
    this.forgetLoaded();
    if (this.hasBegunChange) ({ caller: this.caller, refused: this.refused } = await this.arrival.identify());
    this.hasBegunChange = true;
    this.versionBefore = this.rememberedVersion;
  }

  /**
   * A right that is lost, and a post that is taken back, is so everywhere when the change is answered, and the answer itself shows the caller no
   * more than is left to them. While the database is away nobody can say what that is.
   */
  async endChange(): Promise<void> {
    if (this.rememberedVersion === this.versionBefore) return;
    await this.services.echo.heardEverywhere();
    if (!this.caller) return;
    const identity = await this.arrival.identify().catch(whileAway);
    if (identity) ({ caller: this.caller, refused: this.refused } = identity);
  }

  /** Of what processes answer from memory. */
  private get rememberedVersion(): number {
    const { principals, publicPosts } = this.services;
    return principals.version + publicPosts.version;
  }

  /** The caller's session is over: what follows in this operation is anonymous, but for the answer about themself. */
  leave(): void {
    this.cookies?.refresh.clear();
    if (this.caller) this.recognize(this.caller.userId);
    this.caller = null;
    this.refused = true;
  }

  /** The same operation as of now: who calls is asked again, and nothing is remembered. */
  async renewed(): Promise<Context> {
    return new Context({ ...this.arrival, identity: await this.arrival.identify() });
  }

  /** Notes that the caller has just proved to be this user, by a password or a mailed token, and which session that opened. */
  recognize(userId: string, sessionId?: string): void {
    this.proved.add(userId);
    if (sessionId) this.proved.add(sessionId);
  }

  isCurrentSession(id: string): boolean {
    return this.caller?.sessionId === id || this.proved.has(id);
  }

  hasProved(userId: string): boolean {
    return this.proved.has(userId);
  }
}

const servicesWithin = (services: Services, meter: Meter): Services =>
  Object.assign<Services, object>(Object.create(services), { database: services.database.within(meter) });

function whileAway(error: unknown): undefined {
  if (!isUnanswered(error)) throw error;
}
