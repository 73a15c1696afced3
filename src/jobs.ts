import { setTimeout as sleep } from 'node:timers/promises';
import { announceExpiry } from './access/grants/announce-expiry.js';
import { recordExpiry } from './access/grants/record-expiry.js';
import { answerMailRequest } from './accounts/mail-requests.js';
import { sweep } from './authentication/sweep.js';
import { minutes, seconds } from './clock.js';
import { Closing } from './closing.js';
import { asSystem } from './open-services.js';
import { Repeating } from './operations/repeating.js';
import { Sequencer } from './security-events/chain/sequencer.js';
import type { Services } from './services.js';
import { expireSessions } from './sessions/expire-sessions.js';
import { tendSigningKeys } from './sessions/tend-signing-keys.js';

const expiryPause = seconds(30);
/** Delays the work for an address that has an account, so that it does not slow down the request that follows. */
const answeringPause = seconds(1);
const sweepPause = minutes(10);
const keysPause = minutes(1);
const grantsPause = minutes(1);

/** Starts the background jobs; every process runs all of them. */
export function startJobs(services: Services, closing: Closing): void {
  const { log, outbox, lastUses, attemptsGivenBack } = services;
  const sequencer = new Sequencer(services);
  const expiry = new Repeating('session expiry', () => expireSessions(asSystem(services)), expiryPause, log);
  // These two jobs do one step per run and wake themselves while there is more, so that a shutdown waits for one step
  // only.
  const answering: Repeating = new Repeating(
    'answering of mail requests',
    async () => {
      if (await answerMailRequest(asSystem(services))) answering.wake();
    },
    answeringPause,
    log,
  );
  const sweeping: Repeating = new Repeating(
    'sweep',
    async () => {
      if (await sweep(services)) sweeping.wake();
    },
    sweepPause,
    log,
  );
  const keys = new Repeating('tending of signing keys', () => tendSigningKeys(asSystem(services)), keysPause, log);
  const endings = new Repeating(
    'announcing of grants that end',
    () => announceExpiry(asSystem(services)),
    grantsPause,
    log,
  );
  const ended = new Repeating(
    'recording of grants that have ended',
    () => recordExpiry(asSystem(services)),
    grantsPause,
    log,
  );
  const jobs = [expiry, answering, sweeping, keys, endings, ended];
  closing.add(() => Promise.all([sequencer, ...jobs].map((job) => job.close())));
  // First those that somebody waits for.
  void startEach([sequencer, outbox, lastUses, attemptsGivenBack, ...jobs]);
}

/** Longest time that one job delays the start of the next, in milliseconds. */
const longestDelay = seconds(1);

/** Starts one job after another: all at once would open a connection for each. */
async function startEach(jobs: readonly { start(): Promise<void> }[]): Promise<void> {
  for (const job of jobs) await Promise.race([job.start(), sleep(longestDelay, undefined, { ref: false })]);
}
