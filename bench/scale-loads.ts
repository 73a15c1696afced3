import type pg from 'pg';
import type { Answer } from './connection.js';
import type { Fleet } from './fleet.js';
import { drive, type NextRequest, type Pace } from './load.js';
import { loginBody, pageSize, post, refreshBody, usersQuery, viewerQuery } from './requests.js';
import { password, username } from './seed.js';
import { clients } from './throughput.js';

/** More than a round can end. */
const sessionsPerRound = 8000;

/** Sends for so many seconds. */
type Run = (seconds: number) => Promise<Pace[]>;

/** What clients do in one measurement. */
export interface Trial {
  readonly name: string;
  readonly prepare: (fleet: Fleet, database: pg.Client) => Promise<Run>;
  readonly revokes?: boolean;
}

export const changes: Trial = { name: 'mutations', prepare: changing };
export const endings: Trial = { name: 'revocations', prepare: revoking, revokes: true };

export const signIns: Trial = { name: 'signIns', prepare: signingIn };
export const exchanges: Trial = { name: 'refreshes', prepare: refreshing };
export const reads: Trial = { name: 'viewers', prepare: (fleet) => reading(fleet, viewerQuery) };
export const lists: Trial = { name: 'lists', prepare: (fleet) => reading(fleet, usersQuery(pageSize)) };

/** Each process has its share of the clients. */
function driveAll<Client>(
  fleet: Fleet,
  all: readonly Client[],
  seconds: number,
  next: (client: Client, last: Answer | undefined) => Buffer,
  right: string,
): Promise<Pace[]> {
  const share = Math.ceil(all.length / fleet.ports.length);
  const isRight = ({ status, body }: Answer) => status === 200 && Buffer.concat(body).includes(right);
  return Promise.all(
    fleet.ports.map((port, place) => {
      const own = all.slice(place * share, (place + 1) * share);
      const requests = own.map(
        (client): NextRequest =>
          (last) =>
            next(client, last),
      );
      return drive({ port, requests, seconds, isRight });
    }),
  );
}

async function changing(fleet: Fleet): Promise<Run> {
  const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }';
  const tokens = await fleet.signIn(clients);
  let count = 0;
  const next = (token: string) => {
    count += 1;
    return post('/graphql', { query, variables: { input: { bio: `No. ${count}` } } }, token);
  };
  return (seconds) => driveAll(fleet, tokens, seconds, next, '"errors":[]');
}

async function signingIn(fleet: Fleet): Promise<Run> {
  const bodies = Array.from({ length: clients }, (_, n) => loginBody(username(n + 2), password));
  const requests = bodies.map((body) => post('/graphql', body));
  return (seconds) => driveAll(fleet, requests, seconds, (request) => request, '"accessToken":"');
}

async function refreshing(fleet: Fleet): Promise<Run> {
  const tokens: string[] = [];
  for (let n = 0; n < clients; n += 1) tokens.push((await fleet.signInAs(username(n + 2))).refreshToken);
  const last = new Map(tokens.map((token) => [token, token]));
  const next = (first: string, answer: Answer | undefined) => {
    const found = answer && /"refreshToken":"([^"]*)"/.exec(Buffer.concat(answer.body).toString())?.[1];
    if (found) last.set(first, found);
    return post('/graphql', refreshBody(last.get(first) ?? first));
  };
  return (seconds) => driveAll(fleet, tokens, seconds, next, '"refreshToken":"');
}

/** The administrator asks. */
async function reading(fleet: Fleet, query: string): Promise<Run> {
  const { accessToken } = await fleet.signInAs(username(1));
  const requests = Array.from({ length: clients }, () => post('/graphql', { query }, accessToken));
  return (seconds) => driveAll(fleet, requests, seconds, (request) => request, '"data":{');
}

/** The sessions are rows that nobody has signed in for, which the administrator ends. */
async function revoking(fleet: Fleet, database: pg.Client): Promise<Run> {
  const { accessToken } = await fleet.signInAs(username(1));
  // Without triggers: an account has fewer sessions than these.
  await database.query('set session_replication_role = replica');
  await database.query(`delete from sessions where user_agent = 'bench'`);
  const { rows } = await database.query<{ id: string }>(openSessions, [username(500)]);
  const query = 'mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { errors { code } } }';
  const next = (token: string) => post('/graphql', { query, variables: { id: rows.pop()?.id } }, token);
  return (seconds) => driveAll(fleet, Array(clients).fill(accessToken), seconds, next, '"errors":[]');
}

const openSessions = `
  insert into sessions (id, user_id, user_agent, is_remembered, created_at, last_used_at, expires_at)
  select gen_random_uuid(), u.id, 'bench', false, now(), now(), now() + interval '1 day'
  from generate_series(1, ${sessionsPerRound}), (select id from users where username = $1) u
  returning id`;
