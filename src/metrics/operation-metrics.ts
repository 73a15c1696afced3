import { Distribution } from '../operations/distribution.js';
import type { OperationReport } from '../operations/operation-reports.js';
import { durations, type Tallies } from '../operations/tallies.js';
import { type Metric, only, type Reading } from './metric.js';
import { noName, otherName, ownOperations } from './operation-names.js';

/** From more than ten on a query is suspected to read the rows of a list one by one. */
const statements = [0, 1, 2, 3, 5, 10, 20, 50, 100];

/** All operations of one kind and name. */
class Group {
  readonly outcomes = new Map<string, number>();
  readonly durations = new Distribution(durations);
  readonly statements = new Distribution(statements);
}

/** Counts the operations that are reported. */
export class OperationCounts {
  private readonly names: ReadonlySet<string>;
  private readonly groups: Record<OperationReport['kind'], Map<string, Group>> = {
    query: new Map(),
    mutation: new Map(),
    subscription: new Map(),
    unknown: new Map(),
  };

  /** @param names that are told apart, beside our own */
  constructor(names: readonly string[]) {
    this.names = new Set([...ownOperations, ...names]);
  }

  readonly note = ({ kind, name, outcome, milliseconds, statements: sent }: OperationReport): void => {
    const group = this.groupOf(kind, this.labelOf(name));
    group.outcomes.set(outcome, (group.outcomes.get(outcome) ?? 0) + 1);
    // A stream lasts as long as its client wants.
    if (kind !== 'subscription') group.durations.note(milliseconds / 1000);
    group.statements.note(sent);
  };

  /** Of each group that there is. @param readingsOf its readings */
  read(readingsOf: (group: Group, labels: readonly [kind: string, name: string]) => readonly Reading[]): Reading[] {
    return Object.entries(this.groups).flatMap(([kind, groups]) =>
      [...groups].flatMap(([name, group]) => readingsOf(group, [kind, name])),
    );
  }

  private groupOf(kind: OperationReport['kind'], label: string): Group {
    const groups = this.groups[kind];
    const known = groups.get(label);
    if (known) return known;
    const made = new Group();
    groups.set(label, made);
    return made;
  }

  private labelOf(name: string | null): string {
    if (!name) return noName;
    return this.names.has(name) ? name : otherName;
  }
}

export const operationMetrics = (counts: OperationCounts, tallies: Tallies): Metric[] => [
  {
    name: 'gatehouse_operations_total',
    type: 'counter',
    help: 'Operations answered, and subscriptions ended, by outcome: OK or the first error code',
    labels: ['kind', 'name', 'outcome'],
    read: () => counts.read((group, labels) => [...group.outcomes].map(([code, count]) => [[...labels, code], count])),
  },
  {
    name: 'gatehouse_operation_duration_seconds',
    type: 'histogram',
    help: 'Time from the arrival of a request until its answer was complete, without subscriptions',
    labels: ['kind', 'name'],
    read: () =>
      counts.read((group, labels) => (labels[0] === 'subscription' ? [] : [[labels, group.durations] as const])),
  },
  {
    name: 'gatehouse_operation_statements',
    type: 'histogram',
    help: 'SQL statements per operation, with those in transactions, without those that determined the caller',
    labels: ['kind', 'name'],
    read: () => counts.read((group, labels) => [[labels, group.statements]]),
  },
  {
    name: 'gatehouse_field_duration_seconds',
    type: 'histogram',
    help: 'Time to resolve a root field, with its rule and its rate limits, however the operation was named',
    labels: ['field'],
    read: () => [...tallies.fields].map(([field, times]) => [[field], times]),
  },
  {
    name: 'gatehouse_rate_limits_exceeded_total',
    type: 'counter',
    help: 'Calls refused because a rate limit was exceeded',
    labels: ['limit'],
    read: () => [...tallies.exceeded].map(([limit, count]) => [[limit], count]),
  },
  {
    name: 'gatehouse_untrusted_documents_total',
    type: 'counter',
    help: 'Operations whose document is not in the manifests of TRUSTED_DOCUMENTS, refused or answered',
    read: () => only(tallies.untrusted),
  },
];
