import { asSystem } from '../open-services.js';
import { tendSigningKeys } from '../sessions/tend-signing-keys.js';
import { type Calendar, pastDays } from './calendar.js';
import { attending } from './chapter-attendance.js';
import { leaving } from './chapter-departures.js';
import { founding } from './chapter-founding.js';
import { granting } from './chapter-grants.js';
import { incidents } from './chapter-incidents.js';
import { publishing } from './chapter-newsroom.js';
import { Housekeeping } from './housekeeping.js';
import type { Chapter, Scene } from './scene.js';
import type { Stage } from './stage.js';

const chapters: readonly Chapter[] = [founding, granting, leaving, publishing, incidents, attending];

/** When the service was installed, according to the demo. */
export const beginningOf = ({ on }: Calendar): Date => on(pastDays, 7);

/**
 * Lives through four weeks of an organisation, by the use-cases behind the API, in the order of time.
 * @param stage with a clock that stands at the beginning
 * @throws the reason of an aborted signal
 */
export async function playPast(stage: Stage, calendar: Calendar, signal?: AbortSignal): Promise<void> {
  await dateInstallation(stage);
  await tendSigningKeys(asSystem(stage.services), true);
  const scenes = chapters.flatMap((chapter) => chapter(calendar)).sort(byTime);
  const housekeeping = new Housekeeping(stage);
  for (const { at, play } of scenes) {
    signal?.throwIfAborted();
    await housekeeping.keep(at);
    stage.clock.moveTo(at);
    await play(stage);
  }
  const end = calendar.ago(0);
  await housekeeping.keep(end);
  stage.clock.moveTo(end);
  await forgetMail(stage);
}

const byTime = (one: Scene, other: Scene): number => one.at.getTime() - other.at.getTime();

/**
 * The migrations have made the roles `user` and `admin`, with the time of the database. They are dated back to the beginning:
 * otherwise nobody would have had the rights of everybody before today. No use-case does this.
 */
async function dateInstallation({ services, clock }: Stage): Promise<void> {
  await services.database.transaction(async (tx) => {
    const now = clock.now();
    await tx.rows('update roles set created_at = $1, updated_at = $1', [now]);
    await tx.rows('update permissions set created_at = $1', [now]);
    await tx.rows('update role_names set since = $1', [now]);
  });
}

/** The mails of the past count as delivered, and delivered mail is not kept. */
const forgetMail = ({ services }: Stage) => services.database.sql.rows('delete from jobs');
