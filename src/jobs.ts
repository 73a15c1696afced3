import { setTimeout as sleep } from 'node:timers/promises';
import { announceExpiry } from './access/grants/announce-expiry.js';
import { recordExpiry } from './access/grants/record-expiry.js';
import { answerMailRequests } from './accounts/mail-requests.js';
import { sweep } from './authentication/sweep.js';
import { hours, minutes, seconds } from './clock.js';
import { Closing } from './closing.js';
import { asSystem } from './open-services.js';
import { forWork, type Operation } from './operation.js';
import { endsWithin } from './operations/ends-within.js';
import { type ClaimedJob, every, type Task } from './queue/task.js';
import { tendRetention } from './security-events/chain/retention.js';
import { Sequencer } from './security-events/chain/sequencer.js';
import { verifySteadily } from './security-events/chain/verify-steadily.js';
import { countPublished } from './security-events/statistics/count-published.js';
import type { Services } from './services.js';
import { expireSessions } from './sessions/expire-sessions.js';
import { tendSigningKeys } from './sessions/tend-signing-keys.js';

/** All tasks of the queue. Of the periodic ones each run happens once over all processes. */
export function tasksOf(services: Services): readonly Task[] {
  const system = asSystem(services);
  const done =
    (work: (operation: Operation, signal: AbortSignal) => Promise<void>) =>
    async (signal: AbortSignal, job: ClaimedJob) => {
      await work(forWork(system, job.work), signal);
      return false;
    };
  return [
    services.outbox.task,
    answerMailRequests(system),
    every(seconds(30), 'session-expiry', 'ends sessions that have run out', done(expireSessions)),
    every(
      minutes(1),
      'signing-keys',
      'makes, replaces and removes signing keys',
      done((operation) => tendSigningKeys(operation)),
    ),
    every(minutes(1), 'grant-notices', 'announces grants that end within a week', done(announceExpiry)),
    every(minutes(1), 'grant-ends', 'records grants that have ended', done(recordExpiry)),
    every(
      seconds(10),
      'event-verification',
      'verifies the next part of the record of security events',
      done((operation, signal) => verifySteadily(operation.services, signal)),
    ),
    every(
      seconds(10),
      'event-counts',
      'counts published security events for statistics',
      done((operation, signal) => countPublished(operation.services, signal)),
    ),
    every(
      hours(1),
      'event-retention',
      'drops months of security events that are too old',
      done((operation, signal) => tendRetention(operation.services, signal)),
    ),
    every(minutes(10), 'sweep', 'deletes rows that nothing needs', (signal, job) =>
      sweep(forWork(system, job.work).services, signal),
    ),
  ];
}

/**
 * How long after the begin of a stop jobs may go on, and how long at least when requests took that time; in
 * milliseconds. With a second for aborted jobs and two for the database, the process ends within ten.
 */
const jobsEnd = seconds(5);
const leastPatience = seconds(1);

/** Starts what each process does for itself, and the queue. */
export function startJobs(services: Services, closing: Closing): void {
  const { lastUses, attemptsGivenBack, refusedEvents, queue } = services;
  const sequencer = new Sequencer(services);
  closing.add(() => {
    const patience = Math.max(leastPatience, jobsEnd - closing.elapsed);
    return Promise.all([endsWithin(patience, sequencer.close()), queue.close(patience)]);
  });
  // First those that somebody waits for.
  void startEach([
    () => sequencer.start(),
    () => queue.start(tasksOf(services)),
    () => lastUses.start(),
    () => attemptsGivenBack.start(),
    () => refusedEvents.start(),
  ]);
}

/** Longest time that one part delays the start of the next, in milliseconds. */
const longestDelay = seconds(1);

/** Starts one part after another: all at once would open a connection for each. */
async function startEach(starts: readonly (() => Promise<void>)[]): Promise<void> {
  for (const start of starts) await Promise.race([start(), sleep(longestDelay, undefined, { ref: false })]);
}
