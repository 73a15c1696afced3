import { seconds } from '../../clock.js';
import { isConflict } from '../connection-failure.js';
import { Sql } from '../sql.js';
import type { SqlOptions } from '../sql-options.js';
import type { Absence } from './absence.js';
import type { PrimaryPositions } from './primary-positions.js';
import { NoAnswer, SteadyQuestion } from './steady-question.js';
import { later, noPosition, positionOf, type WalPosition } from './wal-position.js';

/** A replica that is further behind is left out, in milliseconds. */
const mostLag = seconds(5);
/** It comes back once it is no further behind than this. */
const smallLag = seconds(1);
/** After this time without an answer, in milliseconds, what was known of a replica does not count. */
const freshness = seconds(1.5);
/** How long it is left out after a statement failed there; doubled when one fails soon after. In milliseconds. */
const rests = { first: seconds(1), longest: seconds(60) } as const;

export interface ReplicaAnswer {
  readonly isStandby: boolean;
  readonly replayed: string | null;
  /** Identifies this run of the server. */
  readonly run: string;
  readonly server: string;
  readonly database: string;
}

interface Known extends Omit<ReplicaAnswer, 'replayed'> {
  readonly replayed: WalPosition;
  /** `performance.now()` when the answer came. */
  readonly at: number;
}

/** A server that starts anew may be further back than it was, so a connection is used only with the run that is watched. */
const runQuestion = 'select extract(epoch from pg_postmaster_start_time())::text as run';

export const replicaQuestion = `
  select pg_is_in_recovery() as "isStandby", pg_last_wal_replay_lsn() as replayed,
    extract(epoch from pg_postmaster_start_time())::text as run,
    (select system_identifier::text from pg_control_system()) as server,
    (select oid::text from pg_database where datname = current_database()) as database`;

interface Terms {
  readonly url: string;
  readonly poolSize: number;
  readonly onSlow: NonNullable<SqlOptions['onSlow']>;
  readonly onBroken: (error: Error) => void;
}

/** A streaming replica: a pool of connections for reads, and one that watches how far it is. */
export class Replica {
  /** Host and port, without the credentials of its URL. */
  readonly name: string;
  readonly sql: Sql;
  /** Statements that failed here and were sent to the primary. */
  repeated = 0;
  isUsed = false;
  private readonly question: SteadyQuestion<ReplicaAnswer>;
  /** Where it was when it was last asked. */
  position: WalPosition = noPosition;
  private known: Known | undefined;
  /** Why nothing is known of it. */
  private gone: 'away' | 'silent' = 'away';
  /** When the primary was where this replica is; by `performance.now()`. */
  private currentAt = Number.NEGATIVE_INFINITY;
  /** It has to come past this place to show that it follows the primary. */
  private mustPass: WalPosition = noPosition;
  /** Whether the primary has been asked since this replica was first heard of. */
  private isCompared = false;
  private rest = 0;
  private restsUntil = Number.NEGATIVE_INFINITY;

  constructor(
    { url, poolSize, onSlow, onBroken }: Terms,
    private readonly primary: PrimaryPositions,
  ) {
    const { host } = new URL(url);
    this.name = host;
    const verify = async (ask: (text: string) => Promise<{ run?: string }>) => {
      if ((await ask(runQuestion)).run !== this.known?.run) throw new Error('The replica has started anew');
    };
    this.sql = new Sql(url, poolSize, onBroken, { onSlow, verify });
    this.question = new SteadyQuestion<ReplicaAnswer>({
      url,
      name: 'gatehouse-replica-watch',
      question: replicaQuestion,
      begin: () => (answer) => this.hear(answer),
      onFailure: (error) => this.lose(error),
    });
  }

  tick(): void {
    this.question.tick();
  }

  /** By how much it is behind the primary; infinite while that is not known. In milliseconds. */
  get lag(): number {
    return performance.now() - this.currentAt;
  }

  /** By how many bytes of the log it is behind the primary, from where it was last seen. */
  get bytesBehind(): number {
    return Math.max(0, Number(this.primary.inserted - this.position));
  }

  /** Whether it can be asked now, and is at this place of the log or further. */
  has(position: WalPosition): boolean {
    const { known } = this;
    if (!this.isUsed || !known || performance.now() - known.at > freshness || this.lag > mostLag) return false;
    return known.replayed >= position;
  }

  /**
   * Compares it with a new reading of the primary.
   * @param askedAt `performance.now()` before the primary was asked
   * @param elsewhere the latest place known of earlier timelines, when another server has become the primary
   */
  compare(askedAt: number, elsewhere: WalPosition | undefined): void {
    const { known, primary } = this;
    if (elsewhere !== undefined) this.mustPass = later(elsewhere, this.position);
    if (!known || known.at > askedAt) return;
    this.isCompared = true;
    // Nobody can have more than the primary, unless it was written by another one, which has not passed it on.
    if (known.replayed > primary.inserted) this.mustPass = later(this.mustPass, known.replayed);
    this.noteLag(known);
  }

  /** @returns why it is not used; undefined for one that is. It has been used until now if `isUsed` says so */
  absence(): Absence | undefined {
    const { known, primary } = this;
    if (!known) return this.gone;
    if (!known.isStandby) return 'not a replica';
    if (!this.isCompared || primary.server === undefined) return 'unsettled';
    if (known.server !== primary.server) return 'of another server';
    if (known.database !== primary.database) return 'of another database';
    if (this.mustPass !== noPosition && known.replayed <= this.mustPass) return 'diverged';
    if (performance.now() < this.restsUntil) return 'failing';
    return this.lag > (this.isUsed ? mostLag : smallLag) ? 'behind' : undefined;
  }

  /** Call when a statement failed here. A conflict with what is replayed says nothing about the next one. */
  noteFailure(error: unknown): void {
    this.repeated += 1;
    const now = performance.now();
    if (isConflict(error) || now < this.restsUntil) return;
    const isAgain = now - this.restsUntil < rests.longest;
    this.rest = isAgain ? Math.min(2 * this.rest || rests.first, rests.longest) : rests.first;
    this.restsUntil = now + this.rest;
  }

  async close(): Promise<void> {
    await this.question.close();
    this.sql.dropConnections();
    await this.sql.close();
  }

  private hear({ replayed, ...answer }: ReplicaAnswer): void {
    if (this.known?.run !== answer.run) this.meet();
    if (!answer.isStandby) this.isUsed = false;
    this.position = replayed === null ? noPosition : positionOf(replayed);
    this.known = { ...answer, replayed: this.position, at: performance.now() };
    this.noteLag(this.known);
  }

  /** It may be further back than before, so nothing of what was known counts. */
  private meet(): void {
    this.isCompared = false;
    this.isUsed = false;
    this.currentAt = Number.NEGATIVE_INFINITY;
    this.sql.dropConnections();
  }

  private noteLag({ replayed }: Known): void {
    this.currentAt = Math.max(this.currentAt, this.primary.lastAt(replayed) ?? Number.NEGATIVE_INFINITY);
  }

  /** Statements that run there have no answer to expect, and are sent again. */
  private lose(error: Error): void {
    this.gone = error instanceof NoAnswer ? 'silent' : 'away';
    this.known = undefined;
    this.isUsed = false;
    this.isCompared = false;
    this.sql.dropConnections();
  }
}
