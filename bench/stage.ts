import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Closing } from '../src/closing.js';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { Child } from './child.js';
import { Connection } from './connection.js';
import type { Cores } from './cores.js';
import type { FloorCalls } from './floor.js';
import { loginBody, pageSize, post, usersQuery, viewerQuery } from './requests.js';
import { password, seed, username } from './seed.js';
import type { ServiceCalls } from './service.js';

/** A process with the requests it is measured with. */
export interface Side<Known extends FloorCalls | ServiceCalls> {
  readonly child: Child<Known>;
  readonly port: number;
  readonly viewer: Buffer;
  readonly users: Buffer;
}

export interface Stage {
  readonly service: Side<ServiceCalls>;
  readonly floor: Side<FloorCalls>;
  readonly token: string;
  /** Of every user's password, at default cost. */
  readonly passwordHash: string;
  /** Of an answer with a page of users, in bytes. */
  readonly pageBytes: number;
}

/** Starts PostgreSQL, the service and the floor on one filled database. `closing` learns how to undo each step at once. */
export async function setStage(cores: Cores | undefined, closing: Closing): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  closing.add(() => rm(dataDir, { recursive: true, force: true }));
  const env = environment(await startDatabase(dataDir, closing), dataDir);
  const service = await Child.start<ServiceCalls>('service', cores?.server, env);
  closing.add(() => service.stop());
  const passwordHash = await seed(env.DATABASE_URL);
  const floor = await Child.start<FloorCalls>('floor', cores?.server, env);
  closing.add(() => floor.stop());
  const port = await service.ask('port');
  const token = await signIn(port);
  const sides = { service: await serviceSide(service, token), floor: await floorSide(floor, token) };
  const pageBytes = await sameAnswers(sides);
  return { ...sides, token, passwordHash, pageBytes };
}

async function startDatabase(dataDir: string, closing: Closing): Promise<string> {
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  closing.add(() => postgres.stop());
  return postgres.url;
}

/** Production defaults but for the rate limits, which 16 clients signing in would soon reach. */
const environment = (databaseUrl: string, dataDir: string) => ({
  NODE_ENV: 'production',
  PORT: '0',
  DATABASE_URL: databaseUrl,
  DATA_DIR: dataDir,
  APP_SECRET: 'a secret for the benchmark, 32 bytes and more',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_LOGIN: '999999/1m',
});

async function signIn(port: number): Promise<string> {
  const answer = await once(port, post('/graphql', loginBody(username(1), password)));
  return answer.data.login.result.accessToken;
}

const serviceSide = async (child: Child<ServiceCalls>, token: string): Promise<Side<ServiceCalls>> => ({
  child,
  port: await child.ask('port'),
  viewer: post('/graphql', { query: viewerQuery }, token),
  users: post('/graphql', { query: usersQuery(pageSize) }, token),
});

async function floorSide(child: Child<FloorCalls>, token: string): Promise<Side<FloorCalls>> {
  const [, claims = ''] = token.split('.');
  await child.ask('remember', { token, userId: JSON.parse(Buffer.from(claims, 'base64url').toString()).sub });
  return {
    child,
    port: await child.ask('port'),
    viewer: post('/viewer', { query: viewerQuery }, token),
    users: post('/users', { query: usersQuery(pageSize) }, token),
  };
}

/** A comparison is only worth something between equal answers. @returns the length of a page of users */
async function sameAnswers({ service, floor }: Pick<Stage, 'service' | 'floor'>): Promise<number> {
  for (const name of ['viewer', 'users'] as const) {
    const answers = [await once(service.port, service[name]), await once(floor.port, floor[name])];
    if (!isDeepStrictEqual(answers[0], answers[1])) throw new Error(`The floor answers ${name} differently`);
  }
  return Buffer.byteLength(JSON.stringify(await once(service.port, service.users)));
}

async function once(port: number, request: Buffer) {
  const connection = await Connection.open(port);
  try {
    const { body } = await connection.exchange(request);
    return JSON.parse(Buffer.concat(body).toString());
  } finally {
    connection.close();
  }
}
