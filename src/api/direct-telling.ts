import type { ExecutionResult } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import type { CostBudget } from './cost-budget.js';
import { type EventFrames, lagOf, startOf } from './event-frames.js';
import { FrameBatch } from './frame-batch.js';
import type { Cost } from './operation-cost.js';
import type { PacedSocket } from './paced-socket.js';
import type { SharedResults, Sharing } from './shared-results.js';
import { textFrame } from './text-frame.js';

/** What is needed of a stream to tell it an event at once. All in one place: a thousand are looked at for each event. */
export interface DirectStream {
  readonly context: Context;
  readonly socket: PacedSocket;
  readonly cost: Cost;
  readonly sharing: Sharing;
  /** Whether the client wants to be told its consumption. */
  readonly isAsked: boolean;
  /** Id of the operation, chosen by the client. */
  readonly id: string;
  /** The start of its messages, once one was sent. */
  start?: string;
  /** Events that it was told. */
  told: number;
  /** Whether it has started. */
  isLive?: boolean;
  /** What ended it, unless that was the client or the end of a right. */
  failure?: ExecutionResult;
}

/** What it shares with the way that waits. */
interface Parts {
  readonly shared: SharedResults;
  readonly frames: EventFrames;
  readonly budget: CostBudget;
}

/** Tells events without waiting, to streams that have caught up. */
export class DirectTelling {
  private readonly batch = new FrameBatch();

  constructor(private readonly parts: Parts) {}

  /**
   * Sends an event if its result is there and nothing else is unsent.
   * @param at now
   * @returns whether it could
   */
  tell(stream: DirectStream, event: SecurityEventRow, at: Date): boolean {
    const { shared, frames, budget } = this.parts;
    const { context, socket, isAsked } = stream;
    const result = shared.known(event, stream.sharing);
    if (!result || !socket.isClear) return false;
    const usage = budget.payForEvent(context, stream.cost, { result, isAsked, at });
    if (usage === false) return false;
    const extensions = lagOf(context, event, at);
    stream.told += 1;
    stream.start ??= startOf(stream.id);
    const rest = frames.restOf(result, usage ? { ...extensions, cost: usage } : extensions);
    this.batch.add(socket, textFrame(stream.start, rest));
    return true;
  }
}
