import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { ServiceCalls } from './service.js';
import { serviceSide } from './side.js';
import type { Stage } from './stage.js';
import { compared } from './throughput.js';

/** Compares `viewer` with metrics and a log line for each operation with the same without both. */
export async function observedViewer(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: 'viewer, with metrics and log lines', ...(await observed(stage, plan, 'viewer')) };
}

/** The same for the list of users. */
export async function observedUsers(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: '100 users, with metrics and log lines', ...(await observed(stage, plan, 'users')) };
}

async function observed(stage: Stage, plan: Plan, name: 'viewer' | 'users') {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-log-'));
  // Tokens name their issuer, which is the address of the first process.
  const address = { PUBLIC_URL: `http://localhost:${stage.service.port}` };
  const watched = { METRICS_PORT: '0', LOG_LEVEL: 'info', LOG_FILE: join(folder, 'log') };
  const child = await Child.start<ServiceCalls>('service', stage.serverCore, { ...stage.env, ...address, ...watched });
  try {
    const side = await serviceSide(child, stage.token);
    const off = { ...stage.service, trial: stage.service[name] };
    return { ...(await compared(off, { ...side, trial: side[name] }, plan)), target: { atLeast: 0.9 } };
  } finally {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
