import pg from 'pg';
import { Child } from './child.js';
import { drive, type NextRequest } from './load.js';
import { watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { post } from './requests.js';
import type { ServiceCalls } from './service.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { streamsPerAccount, tokensFor } from './streams.js';

const clients = 16;
const manyClients = 64;
const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }';

/** Mutations per second, each client changing an account of its own. */
async function changing(port: number, tokens: readonly string[], seconds: number) {
  let count = 0;
  const change = (token: string) => {
    count += 1;
    return post('/graphql', { query, variables: { input: { bio: `No. ${count}` } } }, token);
  };
  const requests = tokens.map(
    (token): NextRequest =>
      () =>
        change(token),
  );
  const isRight = ({ body }: { readonly body: readonly Buffer[] }) =>
    Buffer.concat(body).toString() === '{"data":{"updateProfile":{"errors":[]}}}\n';
  return drive({ port, requests, seconds, isRight });
}

const pace = (rounds: readonly { perSecond: number }[]) => medianOf(rounds, ({ perSecond }) => perSecond);

/** Compares mutations with their events and the chain with the same in a process that records nothing. */
export async function writers(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  // Tokens name their issuer, which is the address of the first process.
  const env = { ...stage.env, PUBLIC_URL: `http://localhost:${stage.service.port}`, BENCH_RECORDING: 'off' };
  const silent = await Child.start<ServiceCalls>('service', stage.serverCore, env);
  try {
    const { child, port } = stage.service;
    const tokens = await tokensFor(port, clients * streamsPerAccount);
    const silentPort = await silent.ask('port');
    const work = {
      floor: () => watching(silent, () => changing(silentPort, tokens, seconds)),
      service: () => watching(child, () => changing(port, tokens, seconds)),
    };
    await work.floor();
    await assertNothingRecorded(stage.env.DATABASE_URL);
    await work.service();
    const { floor, service } = await interleaved(rounds, work);
    const [least, ours] = [floor, service].map((each) => medianOf(each, (round) => round.busy / round.perSecond));
    return {
      scenario: `${clients} writers, with events and chain`,
      floor: `${Math.round(pace(floor))}/s`,
      service: `${Math.round(pace(service))}/s`,
      ratio: pace(service) / pace(floor),
      target: { atLeast: 0.8 },
      notes: [`ratio by processor time per mutation: ${((least ?? 0) / (ours ?? 1)).toFixed(2)}`],
    };
  } finally {
    await silent.stop();
  }
}

async function assertNothingRecorded(databaseUrl: string): Promise<void> {
  const database = new pg.Client(databaseUrl);
  await database.connect();
  try {
    const { rows } = await database.query(`
      select from security_event_outbox where type = 'USER_UPDATED'
      union all select from security_events where type = 'USER_UPDATED' limit 1`);
    if (rows.length > 0) throw new Error('The process that should record nothing has recorded an event');
  } finally {
    await database.end();
  }
}

/** Compares the mutations of 64 clients with the same while no trigger of the database notifies. */
export async function writers64(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const database = new pg.Client(stage.env.DATABASE_URL);
  await database.connect();
  try {
    const { port } = stage.service;
    const tokens = await tokensFor(port, manyClients * streamsPerAccount);
    const tables = await tablesThatNotify(database);
    const work = {
      floor: async () => {
        for (const table of tables) await database.query(`alter table ${table} disable trigger user`);
        return changing(port, tokens, seconds);
      },
      service: async () => {
        for (const table of tables) await database.query(`alter table ${table} enable trigger user`);
        return changing(port, tokens, seconds);
      },
    };
    await interleaved(1, work);
    const { floor, service } = await interleaved(rounds, work);
    return {
      scenario: `${manyClients} writers, with triggers that notify`,
      floor: `${Math.round(pace(floor))}/s`,
      service: `${Math.round(pace(service))}/s`,
      ratio: pace(service) / pace(floor),
      target: { atLeast: 0.9 },
      notes: [`without the triggers of ${tables.length} tables in the floor's column`],
    };
  } finally {
    await database.end();
  }
}

async function tablesThatNotify(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(`
    select distinct tgrelid::regclass::text as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where not tgisinternal and p.proname = 'gatehouse_signal'`);
  return rows.map(({ name }) => name);
}
