import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closing } from '../src/closing.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { Child } from './child.js';
import type { Cores } from './cores.js';
import type { FloorCalls } from './floor.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import type { ServiceCalls } from './service.js';
import { assertSameAnswers, floorSide, type Side, serviceSide, tried } from './side.js';

export interface Stage {
  readonly service: Side<ServiceCalls>;
  readonly floor: Side<FloorCalls>;
  readonly token: string;
  /** Hash of every user's password, at default cost. */
  readonly passwordHash: string;
  /** Variables of the service, for another process on the same database. */
  readonly env: ReturnType<typeof environment>;
  readonly serverCore: number | undefined;
}

/**
 * Fills a migrated database. Its first user must be `username(1)`, an administrator.
 * @returns the hash of everyone's `password`
 */
export type Fill = (databaseUrl: string) => Promise<string>;

/** Starts PostgreSQL, the service and the floor on one seeded database. Registers how to undo each step as it goes. */
export async function setStage(cores: Cores | undefined, closing: Closing, fill: Fill): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  closing.add(() => rm(dataDir, { recursive: true, force: true }));
  const env = environment(await startDatabase(dataDir, closing), dataDir);
  const service = await Child.start<ServiceCalls>('service', cores?.server, env);
  closing.add(() => service.stop());
  const passwordHash = await fill(env.DATABASE_URL);
  const floor = await Child.start<FloorCalls>('floor', cores?.server, env);
  closing.add(() => floor.stop());
  const token = await signIn(await service.ask('port'));
  const sides = { service: await serviceSide(service, token), floor: await floorSide(floor, token) };
  assertSameAnswers(sides.floor, sides.service);
  return { ...sides, token, passwordHash, env, serverCore: cores?.server };
}

async function startDatabase(dataDir: string, closing: Closing): Promise<string> {
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  closing.add(() => postgres.stop());
  return postgres.url;
}

/**
 * Production defaults except for the rate limits, which 16 clients would soon reach, for step-up, since a run takes longer, and
 * for the times that a sign-in may wait and take, so that 200 of them wait on a busy machine, too.
 */
const environment = (databaseUrl: string, dataDir: string) => ({
  NODE_ENV: 'production',
  PORT: '0',
  DATABASE_URL: databaseUrl,
  DATA_DIR: dataDir,
  APP_SECRET: 'a secret for the benchmark, 32 bytes and more',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_LOGIN: '999999/1m',
  RATE_LIMIT_REFRESH: '999999/1m',
  RATE_LIMIT_MUTATION: '999999/1m',
  RATE_LIMIT_COST: '999999999/1m',
  REAUTHENTICATION_AFTER: 'off',
  HASHING_LONGEST_WAIT: '5m',
  OPERATION_TIME_LIMIT: '5m',
});

async function signIn(port: number): Promise<string> {
  const { answer } = await tried(port, post('/graphql', loginBody(username(1), password)));
  return (answer as { data: { login: { result: { accessToken: string } } } }).data.login.result.accessToken;
}
