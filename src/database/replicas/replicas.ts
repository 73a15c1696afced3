import type { Logger } from '../../operations/logging.js';
import type { Meter } from '../../operations/meter.js';
import type { Database } from '../database.js';
import type { Signals } from '../signals.js';
import { logSlow } from '../slow-statements.js';
import type { Route } from '../sql.js';
import { type Absence, wordsOf } from './absence.js';
import { NotedWriter } from './noted-writer.js';
import { OwnWrites } from './own-writes.js';
import { type PrimaryAnswer, PrimaryPositions, primaryQuestion } from './primary-positions.js';
import { Replica } from './replica.js';
import { ReplicaRoute } from './replica-route.js';
import { SteadyQuestion, tickTime } from './steady-question.js';
import type { WalPosition } from './wal-position.js';

declare module '../../services.js' {
  interface Services {
    /** Undefined without DATABASE_REPLICA_URLS. */
    readonly replicas: Replicas | undefined;
  }
}

const tell = `select gatehouse_tell('wrote', id) from unnest($1::text[]) as id`;

interface Terms {
  readonly urls: readonly string[];
  readonly poolSize: number;
  readonly database: Pick<Database, 'sql' | 'url'>;
  readonly signals: Signals;
  readonly log: Logger;
}

/**
 * The read replicas of the database. Lists and searches are read there when one is not far behind and has all that the
 * caller has written; see docs/decisions/0037. Nothing is read there before `start`.
 */
export class Replicas {
  readonly all: readonly Replica[];
  readonly ownWrites = new OwnWrites();
  private readonly primary = new PrimaryPositions();
  private readonly question: SteadyQuestion<PrimaryAnswer>;
  private readonly absences = new Map<Replica, Absence | undefined>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly terms: Terms) {
    const { urls, poolSize, database, signals, log } = terms;
    const onSlow = logSlow(log, 'replica');
    const onBroken = (error: Error) => log.debug({ reason: error.message }, 'A connection to a replica broke');
    this.all = urls.map((url) => new Replica({ url, poolSize, onSlow, onBroken }, this.primary));
    this.question = new SteadyQuestion<PrimaryAnswer>({
      url: database.url,
      name: 'gatehouse-primary-watch',
      question: primaryQuestion,
      begin: () => this.begin(),
      onFailure: (error) => log.debug({ reason: error.message }, 'The primary did not say where it is'),
    });
    signals.on('wrote', (userId) => this.ownWrites.note(userId));
    signals.on('reset', () => this.ownWrites.forgetAll());
  }

  /** Begins to watch them. Call it before signals arrive. */
  start(): void {
    this.timer = setInterval(() => this.tick(), tickTime);
    this.tick();
  }

  /** @returns what notes the transactions of an operation of this user */
  writerOf(userId: string): NotedWriter {
    return new NotedWriter(this.ownWrites, userId);
  }

  /** @returns where the lists of one operation of this user are read */
  routeFor(userId: string, meter: Meter): Route {
    const { signals } = this.terms;
    // While signals are silent, nobody knows what the user has written through other processes.
    return new ReplicaRoute(async () => ((await signals.hears()) ? this.choose(userId) : undefined), meter);
  }

  /**
   * Tells every process that these users have written something, for writes whose transaction did not say so.
   * @throws the driver's error
   */
  async tell(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    for (const userId of userIds) this.ownWrites.note(userId);
    await this.terms.database.sql.rows(tell, [userIds]);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.question.close(), ...this.all.map((replica) => replica.close())]);
  }

  /** Why a replica is not used, in words; undefined for one that is. */
  reasonOf(replica: Replica): string | undefined {
    const absence = replica.absence();
    return absence && wordsOf[absence];
  }

  /** A user's lists come from one replica, as long as the same ones are in use: another may be further behind. */
  private choose(userId: string): Replica | undefined {
    const needed = this.ownWrites.needs(userId);
    if (needed === undefined) return undefined;
    const able = this.all.filter((replica) => replica.has(needed));
    return able[Number.parseInt(userId.slice(-6), 16) % able.length];
  }

  private tick(): void {
    this.question.tick();
    for (const replica of this.all) replica.tick();
    this.decide();
  }

  private begin(): (answer: PrimaryAnswer) => void {
    const reading = this.ownWrites.begin();
    const askedAt = performance.now();
    return (answer) => {
      const elsewhere = this.primary.add(answer, askedAt);
      this.ownWrites.learn(reading, this.primary.inserted);
      for (const replica of this.all) replica.compare(askedAt, elsewhere);
      this.decide();
      this.ownWrites.settle(this.hindmost());
    };
  }

  private hindmost(): WalPosition | undefined {
    const used = this.all.filter(({ isUsed }) => isUsed).map(({ position }) => position);
    return used.reduce<WalPosition | undefined>(
      (least, one) => (least !== undefined && least < one ? least : one),
      undefined,
    );
  }

  /** Takes replicas into use and out of it, and logs why. */
  private decide(): void {
    for (const replica of this.all) {
      const absence = replica.absence();
      replica.isUsed = absence === undefined;
      // It is not yet known, one way or the other.
      if (absence === 'unsettled') continue;
      if (this.absences.has(replica) && this.absences.get(replica) === absence) continue;
      this.absences.set(replica, absence);
      const about = { replica: replica.name };
      if (absence) this.terms.log.warn(about, `A read replica is not used: ${wordsOf[absence]}`);
      else this.terms.log.info(about, 'A read replica is used');
    }
  }
}
