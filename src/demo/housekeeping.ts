import { announceExpiry } from '../access/grants/announce-expiry.js';
import { recordExpiry } from '../access/grants/record-expiry.js';
import { after, earlier, hours } from '../clock.js';
import { asSystem } from '../open-services.js';
import { expireSessions } from '../sessions/expire-sessions.js';
import type { Stage } from './stage.js';

const due = `
  select (select min(expires_at) from sessions where ended_at is null) as session,
    (select min(expires_at) from role_grants where revoked_at is null and expiry_recorded_at is null) as end,
    (select min(greatest(granted_at, expires_at - interval '168 hours')) from role_grants
      where expires_at is not null and revoked_at is null and expiry_announced_at is null) as notice`;

const jobs = { session: expireSessions, end: recordExpiry, notice: announceExpiry } as const;
type Job = keyof typeof jobs;

/** In milliseconds. What is due sooner than it was known to be is done by then. */
const longestPause = hours(1);

/** Does what the jobs of a running service would have done. */
export class Housekeeping {
  /** Until then nothing is to be done. */
  private idleUntil = new Date(0);

  constructor(private readonly stage: Stage) {}

  /** Does what is due until the instant, each thing at its time. */
  async keep(until: Date): Promise<void> {
    const { services, clock } = this.stage;
    while (this.idleUntil <= until) {
      const first = await this.firstDue();
      if (!first || first.at > until) {
        this.idleUntil = earlier(first?.at ?? after(until, longestPause), after(until, longestPause));
        return;
      }
      clock.moveTo(first.at);
      await jobs[first.job](asSystem(services));
    }
  }

  private async firstDue(): Promise<Due | undefined> {
    const row = await this.stage.services.database.sql.row<Record<Job, Date | null>>(due);
    const [first] = Object.entries(row ?? {})
      .flatMap(([job, at]) => (at ? [{ job: job as Job, at }] : []))
      .sort((one, other) => one.at.getTime() - other.at.getTime());
    return first;
  }
}

interface Due {
  readonly job: Job;
  readonly at: Date;
}
