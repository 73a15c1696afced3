import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { ServiceCalls } from './service.js';
import { serviceSide } from './side.js';
import type { Stage } from './stage.js';
import { compared } from './throughput.js';

/** Compares `viewer` with metrics, a log line for each operation and traces of a tenth of them with the same without all. */
export async function observedViewer(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: 'viewer, with metrics, log lines and traces', ...(await observed(stage, plan, 'viewer')) };
}

/** The same for the list of users. */
export async function observedUsers(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: '100 users, with metrics, log lines and traces', ...(await observed(stage, plan, 'users')) };
}

/** A collector that throws away what it is sent. */
async function takeTraces() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

async function observed(stage: Stage, plan: Plan, name: 'viewer' | 'users') {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-log-'));
  // Tokens name their issuer, which is the address of the first process.
  const address = { PUBLIC_URL: `http://localhost:${stage.service.port}` };
  const collector = await takeTraces();
  const watched = {
    METRICS_PORT: '0',
    LOG_LEVEL: 'info',
    LOG_FILE: join(folder, 'log'),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.1',
  };
  const child = await Child.start<ServiceCalls>('service', stage.serverCore, { ...stage.env, ...address, ...watched });
  try {
    const side = await serviceSide(child, stage.token);
    const off = { ...stage.service, trial: stage.service[name] };
    return { ...(await compared(off, { ...side, trial: side[name] }, plan)), target: { atLeast: 0.9 } };
  } finally {
    await child.stop();
    collector.close();
    await rm(folder, { recursive: true, force: true });
  }
}
