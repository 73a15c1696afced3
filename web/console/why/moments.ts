import type { ConsoleWhyChangesQuery, ConsoleWhyEventsQuery } from './operations.js';

export type Change = ConsoleWhyChangesQuery['accessChanges']['nodes'][number];
export type PersonEvent = NonNullable<ConsoleWhyEventsQuery['user']>['securityEvents']['nodes'][number];

/** A stretch of time in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A stretch in which the answer stayed the same. */
export interface Period extends Span {
  readonly allowed: boolean;
}

const shortest = 3_600_000;

/** From the account's beginning, or the oldest change, until now, or the newest change if that came since. */
export function spanOf(changes: readonly Change[], createdAt: string, now: number): Span {
  const instants = changes.map(({ at }) => Date.parse(at));
  return {
    from: Math.min(Date.parse(createdAt), now - shortest, ...instants),
    to: Math.max(now, ...instants.map((at) => at + 1)),
  };
}

/** Where an instant is in a span: 0 at its beginning, 1 at its end and beyond. */
export const shareOf = (instant: number, { from, to }: Span): number =>
  Math.min(Math.max((instant - from) / (to - from), 0), 1);

/**
 * @param changes newest first
 * @param allowedNow the answer where there are none
 */
export function periodsOf(changes: readonly Change[], { from, to }: Span, allowedNow: boolean): readonly Period[] {
  const oldestFirst = [...changes].reverse();
  const [first] = oldestFirst;
  const starts = [
    { at: from, allowed: first ? first.before.allowed : allowedNow },
    ...oldestFirst.map(({ at, after }) => ({ at: Date.parse(at), allowed: after.allowed })),
  ];
  return starts.map(({ at, allowed }, place) => ({ from: at, to: starts[place + 1]?.at ?? to, allowed }));
}

export const allowedAt = (periods: readonly Period[], at: number): boolean =>
  (periods.findLast(({ from }) => from <= at) ?? periods[0])?.allowed ?? false;

/** The instants at which something happened, oldest first, each once. */
export function stopsOf(
  changes: readonly Change[],
  events: readonly PersonEvent[],
  { from, to }: Span,
): readonly number[] {
  const instants = [
    ...changes.map(({ at }) => Date.parse(at)),
    ...events.map(({ occurredAt }) => Date.parse(occurredAt)),
  ];
  return [...new Set(instants)].filter((at) => at >= from && at <= to).sort((one, other) => one - other);
}
