import { seconds } from '../clock.js';
import { asSystem } from '../open-services.js';
import { endsWithin } from '../operations/ends-within.js';
import { countJobs, type JobCounts } from '../queue/count-jobs.js';
import { oldestWaiting } from '../security-events/chain/oldest-waiting.js';
import { lastReport } from '../security-events/chain/verifications.js';
import type { EventFeed } from '../security-events/event-feed.js';
import type { Services } from '../services.js';
import { type Metric, only, type Reading } from './metric.js';

/** Least time between two readings, in milliseconds, however many scrape. */
const pause = seconds(5);
/** How long a scrape waits for the database, in milliseconds; Prometheus gives up after ten seconds. */
const patience = seconds(2);
/** How long it waits for the feed of events to read on; in milliseconds. */
const feedPatience = seconds(1);

interface Standing {
  readonly jobs: readonly JobCounts[];
  /** Age of the oldest event that is not published yet, in seconds. */
  readonly unpublished: number;
  readonly hasChainFault: boolean;
  /** Of the process's feed of events, in seconds. */
  readonly feedLag: number;
}

/** What only the database knows. Nothing is known while it is away, and a scrape does not wait for it then. */
export class StandingReader {
  private reading: Promise<void> | undefined;
  private begunAt = Number.NEGATIVE_INFINITY;
  /** Undefined when the last reading failed, and while it takes too long. */
  known: Standing | undefined;

  constructor(private readonly services: Services) {}

  /** Resolves when it is known, or after two seconds. Never rejects. */
  async refresh(): Promise<void> {
    if (!this.reading && performance.now() - this.begunAt >= pause) this.begin();
    if (this.reading && !(await endsWithin(patience, this.reading))) this.known = undefined;
  }

  private begin(): void {
    this.begunAt = performance.now();
    this.reading = this.read().then(
      (known) => this.end(known),
      () => this.end(undefined),
    );
  }

  private end(known: Standing | undefined): void {
    this.known = known;
    this.reading = undefined;
  }

  /** One statement after another: scrapes take one connection at most. */
  private async read(): Promise<Standing> {
    const { eventFeed, queue } = this.services;
    const counted = new Map((await countJobs(asSystem(this.services))).map((counts) => [counts.task, counts]));
    const none = { waiting: 0, running: 0, failed: 0, nextDueAt: null };
    for (const task of queue.taskNames) if (!counted.has(task)) counted.set(task, { task, ...none });
    const unpublished = await oldestWaiting(this.services);
    const hasChainFault = Boolean((await lastReport(this.services))?.report.fault);
    const feedLag = await lagOf(eventFeed);
    return { jobs: [...counted.values()], unpublished, hasChainFault, feedLag };
  }
}

/** @returns how far the feed is behind, in seconds. Without streams it reads nothing, and nobody waits for it. */
async function lagOf(feed: EventFeed): Promise<number> {
  if (feed.size === 0) return 0;
  await endsWithin(feedPatience, feed.health());
  return feed.lag / 1000;
}

const states = ['waiting', 'running', 'failed'] as const;

export function standingMetrics(reader: StandingReader): Metric[] {
  const of = (read: (standing: Standing) => readonly Reading[]) => () => (reader.known ? read(reader.known) : []);
  return [
    {
      name: 'gatehouse_database_up',
      type: 'gauge',
      help: 'Whether the database has answered the metrics within two seconds; the metrics below are left out when it has not',
      read: () => only(reader.known ? 1 : 0),
    },
    {
      name: 'gatehouse_jobs',
      type: 'gauge',
      help: 'Jobs of all processes; mails are those of the task mail, and a periodic task always has one',
      labels: ['task', 'state'],
      read: of(({ jobs }) => jobs.flatMap((job) => states.map((state) => [[job.task, state], job[state]] as const))),
    },
    {
      name: 'gatehouse_event_publication_lag_seconds',
      type: 'gauge',
      help: 'Age of the oldest security event that is not published yet',
      read: of(({ unpublished }) => only(unpublished)),
    },
    {
      name: 'gatehouse_event_feed_lag_seconds',
      type: 'gauge',
      help: 'Time since this process knew every published event; 0 without streams',
      read: of(({ feedLag }) => only(feedLag)),
    },
    {
      name: 'gatehouse_event_chain_fault',
      type: 'gauge',
      help: 'Whether the last verification of the record of security events has found a fault',
      read: of(({ hasChainFault }) => only(hasChainFault ? 1 : 0)),
    },
  ];
}
