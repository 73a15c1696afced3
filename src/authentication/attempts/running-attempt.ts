import type { Operation } from '../../operation.js';
import type { LockoutCounter, Reservation } from './lockout-counter.js';

/** One attempt, from its reservation until it is settled: counted as wrong, forgiven, or given back. */
export class RunningAttempt {
  private isForgiven = false;

  constructor(
    readonly counter: LockoutCounter,
    /** Undefined if wrong attempts have used up the count, or an administrator has locked the account. */
    readonly reservation: Reservation | undefined,
  ) {}

  /** Whether a correct proof may succeed. */
  get isOpen(): boolean {
    return this.reservation !== undefined;
  }

  /** Says that the statement that opened a session has also reset the count, so that no other statement is needed. */
  forgivenBySignIn(): void {
    this.isForgiven = true;
  }

  /**
   * Resets the count after a success, unless the sign-in has done it. What the attempt was for is done by now, so a
   * database that fails here does not turn the success into an error: the count stays, and only the place is released.
   */
  async forgive({ services }: Operation): Promise<void> {
    const { reservation, counter } = this;
    if (this.isForgiven || !reservation) return;
    const deleting = services.database.sql.rows('delete from attempts where key = $1', [counter.key]);
    await deleting.catch(() => services.attemptsGivenBack.add(reservation));
  }
}
