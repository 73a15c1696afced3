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
export function lagOf(
  { services, caller }: Context,
  { occurredAt }: SecurityEventRow,
  at = services.clock.now(),
): EventExtensions {
  const lag = Math.max(0, at.getTime() - occurredAt.getTime());
  return might(caller, 'security-event:read') ? { lag, head: services.eventFeed.head } : { lag };
}

/**
 * The first part of each `next` message of a stream: up to the id of its operation.
 * @param id chosen by the client
 */
export const startOf = (id: string): string => `{"id":${JSON.stringify(id)}`;

/** What is written of a result: without `extensions`, and the last rest with them. */
interface Written {
  readonly text: string;
  extensions?: EventExtensions;
  rest?: Buffer;
}

/**
 * Writes `next` messages of graphql-transport-ws. The text of a result that several streams share is made once, and with
 * `extensions` once for all streams that have the same; only the id of the operation differs.
 */
export class EventFrames {
  private readonly written = new WeakMap<ExecutionResult, Written>();

  /** @param formatted what clients may see of a result */
  constructor(private readonly formatted: (result: ExecutionResult) => object) {}

  /** The second part of a message, which many streams share. */
  restOf(result: ExecutionResult, extensions: EventExtensions): Buffer {
    const written = this.writtenOf(result);
    if (written.rest && isSame(written.extensions, extensions)) return written.rest;
    const [text, more] = [written.text, JSON.stringify(extensions)];
    const payload = more === '{}' ? text : `${text.slice(0, -1)},"extensions":${more}}`;
    const rest = Buffer.from(`,"type":"next","payload":${payload}}`);
    Object.assign(written, { rest, extensions });
    return rest;
  }

  private writtenOf(result: ExecutionResult): Written {
    const known = this.written.get(result);
    if (known) return known;
    const written = { text: JSON.stringify(this.formatted(result)) };
    this.written.set(result, written);
    return written;
  }
}

/** What a caller has spent differs for each. */
const isSame = (one: EventExtensions | undefined, other: EventExtensions): boolean =>
  one?.lag === other.lag && one?.head === other.head && one?.cost === undefined && other.cost === undefined;
