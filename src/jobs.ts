import { announceExpiry } from './access/grants/announce-expiry.js';
import { recordExpiry } from './access/grants/record-expiry.js';
import { answerMailRequest } from './accounts/mail-requests.js';
import { sweep } from './authentication/sweep.js';
import { minutes, seconds } from './clock.js';
import { Closing } from './closing.js';
import { asSystem } from './open-services.js';
import { Repeating } from './operations/repeating.js';
import { Sequencer } from './security-events/sequencer.js';
import type { Services } from './services.js';
import { expireSessions } from './sessions/expire-sessions.js';
import { tendSigningKeys } from './sessions/tend-signing-keys.js';

const expiryPause = seconds(30);
/** Not at once: the work that an address with an account makes must not slow the request that follows. */
const answeringPause = seconds(1);
const sweepPause = minutes(10);
const keysPause = minutes(1);
const grantsPause = minutes(1);

/** What runs again and again beside the requests, in every process. */
export function startJobs(services: Services, closing: Closing): void {
  const { database, signals, log, outbox, lastUses, attemptsGivenBack } = services;
  const sequencer = new Sequencer(database, signals, log);
  const expiry = new Repeating('session expiry', () => expireSessions(asSystem(services)), expiryPause, log);
  // These two do a step and go on while there is more, so that a stop waits for one step alone.
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
  const jobs = [sequencer, expiry, answering, sweeping, keys, endings, ended];
  closing.add(() => Promise.all(jobs.map((job) => job.close())));
  for (const job of jobs) job.start();
  outbox.start();
  lastUses.start();
  attemptsGivenBack.start();
}
