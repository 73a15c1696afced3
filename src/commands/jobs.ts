import { seconds } from '../clock.js';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { tasksOf } from '../jobs.js';
import { failedMail } from '../mail/failed-mail.js';
import { asSystem, withServices } from '../open-services.js';
import { countJobs, type JobCounts } from '../queue/count-jobs.js';
import { listFailedJobs, retryJob } from '../queue/failed-jobs.js';
import type { Task } from '../queue/task.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';

/** Prints one line per task: its name, how often it runs, how its jobs stand, and what it does. */
export async function listJobs(env: Environment, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    const counts = await countJobs(asSystem(services));
    for (const task of tasksOf(services)) {
      const { name, every = null, purpose } = task;
      const found = counts.find((one) => one.task === name);
      output.print({ task: name, every, purpose, ...found }, lineOf(task, found));
    }
  });
}

function lineOf({ name, every, purpose }: Task, counts: JobCounts | undefined): string {
  const { waiting = 0, running = 0, failed = 0, nextDueAt = null } = counts ?? {};
  const how = every ? `every ${every / seconds(1)} s` : 'once';
  const next = nextDueAt ? `  next ${nextDueAt.toISOString()}` : '';
  return `${name.padEnd(18)} ${how.padEnd(11)} waiting ${waiting}  running ${running}  failed ${failed}${next}  ${purpose}`;
}

/**
 * Runs what is due of one task in this process, and a periodic job also before it is due.
 * @returns the exit code: 1 when a run failed; the log says why
 * @throws Refusal NOT_FOUND for an unknown name
 */
export async function runJobs(env: Environment, name: string, output: Output): Promise<number> {
  return withServices(loadConfig(env), async (services) => {
    const tasks = tasksOf(services);
    const task = tasks.find((one) => one.name === name);
    if (!task)
      throw refuse('NOT_FOUND', `There is no task ${name}. Known are ${tasks.map((one) => one.name).join(', ')}.`);
    const { succeeded, failed } = await services.queue.drain(task);
    const elsewhere = task.every && succeeded + failed === 0 ? '\nAnother process is running it.' : '';
    output.print({ task: name, succeeded, failed }, `${name}: ${succeeded} done, ${failed} failed.${elsewhere}`);
    return failed > 0 ? 1 : 0;
  });
}

/** Prints one line per failed job, the latest first, at most a hundred. */
export async function listFailed(env: Environment, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    const { edges } = await listFailedJobs(asSystem(services), { first: 100 });
    for (const { node: job } of edges) {
      const mail = failedMail(services, job);
      const what = mail ? `${job.task} ${mail.kind ?? ''} to ${mail.recipient}` : job.task;
      const { id, task, attempts, lastError, createdAt, failedAt, expiresAt } = job;
      output.print(
        { id, task, attempts, lastError, createdAt, failedAt, expiresAt, mail },
        `${id}  ${failedAt.toISOString()}  ${what}  attempts ${attempts}  ${lastError ?? ''}`,
      );
    }
  });
}

/** Makes a failed job due; a running service runs it within a second. @throws Refusal NOT_FOUND */
export async function retryFailed(env: Environment, id: string, output: Output): Promise<void> {
  await withServices(loadConfig(env), (services) => retryJob(asSystem(services), id));
  output.print({ id }, `Job ${id} is due again.`);
}
