import type { GatehouseError } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { asGatehouseError } from '../../use-loaded';
import { Batch } from './batch';
import {
  ConsoleLiveDocument,
  type ConsoleLiveEventFragment,
  ConsoleLiveNewestDocument,
  type SecurityEventFilter,
} from './operations';

export type LiveEvent = ConsoleLiveEventFragment;

/**
 * `catchingUp`: the connection was broken, and what was missed is being sent. `expired`: what was missed is no longer kept.
 * `ended`: the session is over; the feed goes on when there is another.
 */
type FeedStatus = 'opening' | 'live' | 'broken' | 'catchingUp' | 'expired' | 'failed' | 'ended';

export interface FeedState {
  /** Newest first. */
  readonly rows: readonly LiveEvent[];
  readonly status: FeedStatus;
  /** How many events were shown since the feed was opened. */
  readonly shown: number;
  readonly isHeld: boolean;
  /** Events that wait while the feed is held. */
  readonly waiting: number;
  /** Whether more wait at the service. */
  readonly hasMoreWaiting: boolean;
  /** Whether the last break is over, with nothing missed. */
  readonly isCaughtUp: boolean;
  readonly error: GatehouseError | undefined;
}

const mostRows = 500;
/** Events that are kept while the feed is held; what comes beyond is asked for again later. */
const mostWaiting = 500;
const atFirst = 50;

const opening: FeedState = {
  rows: [],
  status: 'opening',
  shown: 0,
  isHeld: false,
  waiting: 0,
  hasMoreWaiting: false,
  isCaughtUp: false,
  error: undefined,
};

/** The security events as they happen, in bounded memory. Nothing is lost by a break, or while the feed is held. */
export class Feed {
  state = opening;
  private readonly listeners = new Set<() => void>();
  private readonly batch = new Batch<LiveEvent>((events) => this.show(events));
  private readonly unsubscribe: () => void;
  private held: LiveEvent[] = [];
  private cursor: string | undefined;
  /** The newest event when the connection was there again. */
  private target: string | undefined;
  private stream = new AbortController();
  private isClosed = false;

  constructor(private readonly filter: SecurityEventFilter) {
    this.unsubscribe = gatehouse.onChange(() => {
      if (this.state.status === 'ended' && gatehouse.state.status === 'signedIn') void this.follow();
    });
    void this.begin();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): FeedState => this.state;

  /** Shows nothing new until `release`. */
  readonly hold = (): void => {
    if (!this.state.isHeld) this.set({ isHeld: true });
  };

  /** Shows what has come meanwhile, and goes on. */
  readonly release = (): void => {
    if (!this.state.isHeld) return;
    const { hasMoreWaiting } = this.state;
    const waiting = this.held;
    this.held = [];
    this.set({ isHeld: false, waiting: 0, hasMoreWaiting: false });
    this.show(waiting);
    if (hasMoreWaiting) void this.follow();
  };

  /** Begins anew with what is there now: after a gap, or a failure. */
  readonly restart = (): void => {
    this.stream.abort();
    this.cursor = undefined;
    this.held = [];
    this.set({ ...opening, rows: this.state.rows });
    void this.begin();
  };

  close(): void {
    this.isClosed = true;
    this.unsubscribe();
    this.stream.abort();
    this.batch.close();
  }

  /** The newest events, and then those behind them. */
  private async begin(): Promise<void> {
    try {
      // Asked first: with a filter that nothing meets, the feed goes on behind this one.
      const [newest] = await this.newest({}, 1);
      const rows = await this.newest(this.filter, atFirst);
      this.cursor = rows.at(-1)?.cursor ?? newest?.cursor;
      if (this.isClosed) return;
      this.set({ rows: [...rows].reverse() });
      await this.follow();
    } catch (reason) {
      this.fail(reason);
    }
  }

  private async newest(filter: SecurityEventFilter, last: number): Promise<readonly LiveEvent[]> {
    return (await gatehouse.request(ConsoleLiveNewestDocument, { filter, last })).securityEvents.nodes;
  }

  private async follow(): Promise<void> {
    this.stream.abort();
    const own = new AbortController();
    this.stream = own;
    if (this.isClosed) return;
    const isOver = () => own.signal.aborted;
    const onConnection = (isOpen: boolean) => !isOver() && this.noteConnection(isOpen);
    this.set({ status: 'live', error: undefined });
    const variables = { filter: this.filter, after: this.cursor ?? null };
    try {
      const events = gatehouse.follow(ConsoleLiveDocument, variables, { signal: own.signal, onConnection });
      for await (const { securityEvents } of events) this.receive(securityEvents);
      if (isOver()) return;
      own.abort();
      this.set({ status: 'ended' });
    } catch (reason) {
      if (!isOver()) this.fail(reason);
    }
  }

  private receive(event: LiveEvent): void {
    this.cursor = event.cursor;
    if (event.id === this.target) this.caughtUp();
    if (!this.state.isHeld) {
      this.batch.add(event);
      return;
    }
    this.held.push(event);
    const isFull = this.held.length >= mostWaiting;
    // The service keeps the others: they are asked for behind the cursor.
    if (isFull) this.stream.abort();
    this.set({ waiting: this.held.length, hasMoreWaiting: isFull });
  }

  private show(events: readonly LiveEvent[]): void {
    if (events.length === 0) return;
    if (this.state.isHeld) {
      this.held.push(...events);
      this.set({ waiting: this.held.length });
      return;
    }
    const newest = events.slice(-mostRows).reverse();
    const shown = this.state.shown + events.length;
    this.set({ rows: [...newest, ...this.state.rows].slice(0, mostRows), shown });
  }

  private noteConnection(isOpen: boolean): void {
    if (!isOpen) this.set({ status: 'broken', isCaughtUp: false });
    else if (this.state.status === 'broken') void this.catchUp();
  }

  /** Told when the newest event of now has arrived, or was there before. */
  private async catchUp(): Promise<void> {
    this.set({ status: 'catchingUp' });
    const [newest] = await this.newest(this.filter, 1).catch(() => []);
    const known = [...this.state.rows.slice(0, mostRows), ...this.held, ...this.batch.waiting];
    if (!newest || newest.cursor === this.cursor || known.some(({ id }) => id === newest.id)) this.caughtUp();
    else this.target = newest.id;
  }

  private caughtUp(): void {
    this.target = undefined;
    if (this.state.status === 'catchingUp') this.set({ status: 'live', isCaughtUp: true });
  }

  private fail(reason: unknown): void {
    // It would be told that the connection is closed, which it is when nothing uses it.
    this.stream.abort();
    const error = asGatehouseError(reason);
    this.set({ status: error.code === 'CURSOR_EXPIRED' ? 'expired' : 'failed', error });
  }

  private set(changes: Partial<FeedState>): void {
    if (this.isClosed) return;
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}
