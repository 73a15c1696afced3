import { loadConfig } from '../config.js';
import { failedMail } from '../mail/failed-mail.js';
import { mailTask } from '../mail/outbox.js';
import { asSystem, withServices } from '../open-services.js';
import { listFailedJobs, retryJob } from '../queue/failed-jobs.js';
import type { Services } from '../services.js';
import type { Environment } from './command.js';
import { cell, type Output } from './output.js';

/** Makes every failed mail due that may still be sent, and prints one line for each; a running service sends them. */
export async function retryMails(env: Environment, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    for (const { id, recipient, kind } of await failedMails(services)) {
      await retryJob(asSystem(services), id);
      output.print({ id, recipient, kind }, `${id}  ${cell(kind ?? 'mail')} to ${cell(recipient)} is due again`);
    }
  });
}

interface Failed {
  readonly id: string;
  readonly recipient: string;
  readonly kind: string | null;
}

/** All of them are read before the first is tried again, which takes it off the list. */
async function failedMails(services: Services): Promise<Failed[]> {
  const found: Failed[] = [];
  const now = services.clock.now();
  for (let after: string | undefined; ; ) {
    const page = await listFailedJobs(asSystem(services), { first: 100, ...(after && { after }) });
    for (const { node: job } of page.edges) {
      const mail = failedMail(services, job);
      const isAwaited = job.expiresAt === null || job.expiresAt > now;
      if (mail && isAwaited && job.task === mailTask) found.push({ id: job.id, ...mail });
    }
    after = page.edges.at(-1)?.cursor;
    if (!page.hasMore || !after) return found;
  }
}
