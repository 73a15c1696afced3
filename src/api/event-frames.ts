import type { ExecutionResult } from 'graphql';
import type { Context } from '../graphql/context.js';
import { might } from '../policy/policy.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import type { CostUsage } from './cost-budget.js';

/** `extensions` of each event of a stream. */
export interface EventExtensions {
  /** Milliseconds from when it happened until it is sent. */
  readonly lag?: number;
  /**
   * For callers who may read all events: cursor of the newest published one. Equal to that of the event: the stream has
   * caught up. It tells how many events there are, and the id of one that others may not know.
   */
  readonly head?: string | null;
  readonly cost?: CostUsage | undefined;
}

/** How far behind an event arrives. */
export const lagOf = ({ services, caller }: Context, { occurredAt }: SecurityEventRow): EventExtensions => ({
  lag: Math.max(0, services.clock.now().getTime() - occurredAt.getTime()),
  ...(might(caller, 'security-event:read') && { head: services.eventFeed.head }),
});

/**
 * Writes `next` messages of graphql-transport-ws. The text of a result that several streams share is made once; only
 * the id of the operation and `extensions` differ.
 */
export class EventFrames {
  private readonly texts = new WeakMap<ExecutionResult, string>();

  /** @param formatted what clients may see of a result */
  constructor(private readonly formatted: (result: ExecutionResult) => object) {}

  /** @param id of the operation, chosen by the client */
  frameOf(id: string, result: ExecutionResult, extensions: EventExtensions): string {
    const [text, more] = [this.textOf(result), JSON.stringify(extensions)];
    const payload = more === '{}' ? text : `${text.slice(0, -1)},"extensions":${more}}`;
    return `{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`;
  }

  private textOf(result: ExecutionResult): string {
    const known = this.texts.get(result);
    if (known !== undefined) return known;
    const text = JSON.stringify(this.formatted(result));
    this.texts.set(result, text);
    return text;
  }
}
