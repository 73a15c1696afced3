import { systemClock } from '../clock.js';
import { Closing } from '../closing.js';
import { type Config, ConfigError } from '../config.js';
import { type Overrides, openServices } from '../open-services.js';
import type { Logger } from '../operations/logging.js';
import { calendarOf } from './calendar.js';
import { replaceByDemo, stateOf } from './demo-database.js';
import { PastClock } from './past-clock.js';
import { beginningOf, playPast } from './play-past.js';
import { Stage } from './stage.js';

interface Circumstances extends Pick<Overrides, 'signal' | 'estimates'> {
  readonly log: Logger;
}

/**
 * Makes the demo in an empty database; leaves a finished one as it is.
 * @throws ConfigError when the database holds something else; the reason of an aborted signal
 */
export async function ensureDemo(url: string, config: Config, { log, ...overrides }: Circumstances): Promise<void> {
  const found = await stateOf(url);
  if (found === 'demo') return;
  if (found === 'other')
    throw new ConfigError(`DATA_DIR: ${config.dataDir} holds a service; --demo takes its own folder.`);
  log.info('Making up the demo; this takes some seconds, once.');
  const begun = performance.now();
  await replaceByDemo(url, (unfinished) => makePast(unfinished, config, { log, ...overrides }));
  log.info({ milliseconds: Math.round(performance.now() - begun) }, 'The demo is made');
}

/**
 * The demo's passwords cannot be guessed (see `passwordOf`), so their hashes need no work. A sign-in replaces such a hash
 * by one of the configured cost.
 */
const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1 };

async function makePast(url: string, config: Config, { log, ...more }: Circumstances): Promise<void> {
  const calendar = calendarOf(systemClock.now());
  const clock = new PastClock(beginningOf(calendar));
  const postgres = { url: withoutWaiting(url), isEmbedded: true, stop: async () => undefined };
  const closing = new Closing();
  try {
    // Only what is wrong: the service has warned of what it does not have already.
    const quiet = log.child({}, { level: 'error' });
    const overrides = { ...more, clock, log: quiet, openPostgres: async () => postgres };
    const terms = { ...config, argon2: cheap };
    const { services } = await openServices(terms, overrides, closing, `http://localhost:${config.port}`);
    // Otherwise sessions and roles would be read again for everything that somebody does.
    await services.signals.start();
    await playPast(new Stage(services, clock), calendar, more.signal);
  } finally {
    await closing.close();
  }
}

/** Commits do not wait for the disk: until the database is renamed, nobody relies on it. */
function withoutWaiting(url: string): string {
  const changed = new URL(url);
  changed.searchParams.set('options', '-c synchronous_commit=off');
  return changed.href;
}
