import { seconds } from '../../clock.js';
import type { Sql } from '../../database/sql.js';
import type { Logger } from '../../operations/logging.js';
import { Repeating } from '../../operations/repeating.js';
import { isOver, type Reservation } from './lockout-counter.js';

declare module '../../services.js' {
  interface Services {
    readonly attemptsGivenBack: GivenBackAttempts;
  }
}

const giveBack = `
  update attempts a set pending = a.pending - given.ids
  from (select key, array_agg(id) as ids from unnest($1::text[], $2::text[]) as one (key, id) group by key) given
  where a.key = given.key`;

/**
 * Releases the reservations of attempts that failed for another reason than a wrong proof. All waiting ones are
 * released in one statement, outside of the failed request, and again until the statement succeeds or they have
 * expired.
 */
export class GivenBackAttempts {
  private waiting: readonly Reservation[] = [];
  private readonly writing: Repeating;

  constructor(
    private readonly sql: Sql,
    log: Logger,
  ) {
    this.writing = new Repeating('giving back of attempts', () => this.flush(), seconds(1), log);
  }

  add(reservation: Reservation): void {
    this.waiting = [...this.waiting, reservation];
    this.writing.wake();
  }

  start(): Promise<void> {
    return this.writing.start();
  }

  async close(): Promise<void> {
    await this.writing.close();
  }

  private async flush(): Promise<void> {
    this.waiting = this.waiting.filter((reservation) => !isOver(reservation));
    const given = this.waiting;
    if (given.length === 0) return;
    await this.sql.rows(giveBack, [given.map(({ key }) => key), given.map(({ id }) => id)]);
    this.waiting = this.waiting.filter((reservation) => !given.includes(reservation));
  }
}
