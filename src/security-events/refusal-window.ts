import type { EventRow } from './record.js';

/** What one process writes at most of each type and window: `singles` + `keys` + one event. */
export const refusalBounds = { singlesPerKey: 5, singles: 250, keys: 200, fields: 10 } as const;

/** Events of one type and key that are counted instead of written. */
interface Sum {
  readonly first: EventRow;
  /** Null where the events differ. */
  ipAddress: string | null;
  count: number;
  until: Date;
  readonly fields: Set<string>;
  /** Details that all of the events share. */
  shared: Record<string, unknown>;
}

/**
 * Decides which refusals of a span of time are written one by one, and counts the others. The first of each key are
 * written, until there are too many in all; the others make one event for each key. Beyond the number of keys that are kept
 * apart, all others of a type make one event, which names nobody.
 */
export class RefusalWindow {
  private readonly written = new Map<string, number>();
  private readonly sums = new Map<string, Sum>();
  private readonly ofOthers = new Map<string, Sum>();
  private singles = 0;

  /**
   * @param key who was refused, such as the id of the caller
   * @returns whether the event is to be written; otherwise it was counted
   */
  add(event: EventRow, key: string): boolean {
    const place = `${event.type} ${key}`;
    const before = this.written.get(place) ?? 0;
    const isKnown = before > 0 || this.written.size < refusalBounds.keys;
    if (isKnown && before < refusalBounds.singlesPerKey && this.singles < refusalBounds.singles) {
      this.written.set(place, before + 1);
      this.singles += 1;
      return true;
    }
    this.count(event, place);
    return false;
  }

  /** Counts an event that cannot be written singly. */
  count(event: EventRow, place: string): void {
    const isKept = this.sums.has(place) || this.sums.size < refusalBounds.keys;
    const sums = isKept ? this.sums : this.ofOthers;
    const name = isKept ? place : event.type;
    const sum = sums.get(name);
    if (sum) addTo(sum, event);
    else sums.set(name, sumOf(isKept ? event : anonymous(event)));
  }

  /** @returns an event for each sum; its `details` have `count`, `since`, `until` and up to ten `fields` */
  sumsAsEvents(): EventRow[] {
    return [...this.sums.values(), ...this.ofOthers.values()].map(asEvent);
  }
}

const anonymous = (event: EventRow): EventRow => ({ ...event, actorId: null, subjectId: null, ipAddress: null });

function sumOf(first: EventRow): Sum {
  const { field, ...shared } = first.details;
  const fields = new Set(typeof field === 'string' ? [field] : []);
  return { first, ipAddress: first.ipAddress, count: 1, until: first.occurredAt, fields, shared };
}

function addTo(sum: Sum, { occurredAt, ipAddress, details }: EventRow): void {
  sum.count += 1;
  if (occurredAt > sum.until) sum.until = occurredAt;
  if (sum.ipAddress !== ipAddress) sum.ipAddress = null;
  if (typeof details['field'] === 'string' && sum.fields.size < refusalBounds.fields) sum.fields.add(details['field']);
  for (const [name, value] of Object.entries(sum.shared))
    if (JSON.stringify(details[name]) !== JSON.stringify(value)) delete sum.shared[name];
}

function asEvent({ first, ipAddress, count, until, fields, shared }: Sum): EventRow {
  const span = { since: first.occurredAt.toISOString(), until: until.toISOString() };
  const details = { ...shared, ...(fields.size > 0 && { fields: [...fields] }), count, ...span };
  return { ...first, occurredAt: until, ipAddress, userAgent: null, requestId: null, sessionId: null, details };
}
