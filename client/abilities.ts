import type { MongoAbility, RawRuleOf, SubjectRawRule } from '@casl/ability';
import { type GatehouseError, isTemporary } from './errors.js';
import type { AbilityQuery } from './operations.js';

/** Shortest time between two requests that a refusal causes, in milliseconds. */
const refusalPause = 10_000;
/** Before asking again when the service did not answer, or still lists a grant that has ended, in milliseconds. */
const retryPause = 15_000;
/**
 * After a change the clients of a service ask at moments within this time, in milliseconds: a role may be held by all of them.
 */
const spread = 300;
/** Longest delay of `setTimeout`, in milliseconds. */
const longestDelay = 2 ** 31 - 1;

type Follow = (signal: AbortSignal) => AsyncIterable<unknown>;
type Rules = RawRuleOf<MongoAbility>[];

/** What the caller may do, by CASL. Asked for when it is first needed, and again when it changes. */
export class Abilities {
  private ability: MongoAbility | undefined;
  private loading: Promise<MongoAbility> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised when somebody else is signed in: answers to earlier questions are of no use then. */
  private generation = 0;
  private isClosed = false;
  private following: AbortController | undefined;

  /**
   * @param follow follows what changes the rights of the caller; without it they are asked for when something is refused
   * @param now by the service's clock, in milliseconds since 1970
   */
  constructor(
    private readonly ask: () => Promise<AbilityQuery>,
    private readonly onChange: () => void,
    private readonly follow?: Follow,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /**
   * Whether the caller may do something, by what was last known; false while nothing is known yet.
   * @param attributes of the object, such as `{ authorId }`; without them the answer is for some object
   */
  can(action: string, resource: string, attributes?: object): boolean {
    if (!this.ability) void this.load().catch(() => undefined);
    if (!this.ability) return false;
    return this.ability.can(action, attributes ? asSubject(resource, attributes) : resource);
  }

  /** What was last loaded for whoever is signed in; undefined until then. */
  get known(): MongoAbility | undefined {
    return this.ability;
  }

  /** @throws GatehouseError when the service does not answer */
  load(): Promise<MongoAbility> {
    if (this.loading) return this.loading;
    const loading = this.read(this.generation).finally(() => {
      if (this.loading === loading) this.loading = undefined;
    });
    this.loading = loading;
    return loading;
  }

  /** Asks again soon: something was refused. */
  refused(): void {
    // The clock may have been set back.
    if (this.ability && Math.abs(Date.now() - this.askedAt) >= refusalPause) this.renew();
  }

  /** Somebody else signed in, or nobody is. */
  forget(): void {
    clearTimeout(this.timer);
    this.generation += 1;
    this.loading = undefined;
    this.ability = undefined;
    this.following?.abort();
    this.following = undefined;
  }

  close(): void {
    this.isClosed = true;
    this.forget();
  }

  private renew(): void {
    this.load().catch((error) => {
      if (isTemporary(error)) this.wake(retryPause);
    });
  }

  private async read(generation: number): Promise<MongoAbility> {
    this.askedAt = Date.now();
    this.listen();
    const [{ viewer }, build] = await Promise.all([this.ask(), builder()]);
    if (generation !== this.generation) return this.isClosed ? build([]) : this.load();
    this.ability = build((viewer?.abilityRules ?? []) as Rules);
    this.wake(timeToNextEnd(viewer?.grants ?? [], this.now()));
    this.onChange();
    return this.ability;
  }

  /** Asks again when the stream has begun, because something may have changed meanwhile, and after each change. */
  private listen(): void {
    if (!this.follow || this.following || this.isClosed) return;
    const following = new AbortController();
    this.following = following;
    let isDue = false;
    const changed = () => {
      if (isDue) return;
      isDue = true;
      setTimeout(async () => {
        // What is being answered was asked before the change.
        await this.loading?.catch(() => undefined);
        isDue = false;
        if (!following.signal.aborted) this.renew();
      }, Math.random() * spread);
    };
    told(this.follow(following.signal), changed).catch((error: unknown) => {
      // The database was restored: the next question begins another stream. Without the right to one, a refusal has the
      // rights asked for.
      if (this.following !== following || (error as GatehouseError).code !== 'CURSOR_EXPIRED') return;
      this.following = undefined;
      changed();
    });
  }

  private wake(delay: number): void {
    clearTimeout(this.timer);
    if (delay <= longestDelay) this.timer = setTimeout(() => this.renew(), delay);
  }
}

async function told(events: AsyncIterable<unknown>, changed: () => void): Promise<void> {
  for await (const _event of events) changed();
}

/** In milliseconds, until shortly after the next grant ends. */
function timeToNextEnd(grants: readonly { readonly expiresAt: string | null }[], now: number): number {
  const ends = grants.map(({ expiresAt }) => (expiresAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY));
  const left = Math.min(...ends) - now;
  return left < 0 ? retryPause : left + 1000;
}

/** Loads CASL, which is not needed before somebody asks. */
async function builder(): Promise<(rules: Rules) => MongoAbility> {
  const [{ buildMongoQueryMatcher, createMongoAbility }, { unpackRules }, operators] = await Promise.all([
    import('@casl/ability'),
    import('@casl/ability/extra'),
    import('@ucast/mongo2js'),
  ]);
  const { $nor, $not, $or, nor, not, or } = operators;
  const conditionsMatcher = buildMongoQueryMatcher({ $or, $nor, $not }, { or, nor, not });
  return (rules) =>
    createMongoAbility(
      unpackRules(rules as never) as SubjectRawRule<string, string, never>[],
      { conditionsMatcher } as never,
    );
}

/** CASL reads the type of an object from this member; a copy, because objects of a cache are often frozen. */
const asSubject = (resource: string, attributes: object) => ({ ...attributes, __caslSubjectType__: resource }) as never;
