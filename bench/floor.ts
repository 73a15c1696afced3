import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import { bindingAlone, bindingsAlone } from './argon2-alone.js';
import { answer, usage } from './calls.js';
import {
  countStatement,
  newSessionStatement,
  permissionsStatement,
  rotationStatement,
  searchStatement,
  usersStatement,
  viewerStatement,
} from './floor-statements.js';
import { rareTerms } from './million-seed.js';
import { username } from './seed.js';

// The floor: the least that a Node process must do for the same answers. node:http, a token in memory, one statement.

const config = loadConfig(process.env);
const pool = new pg.Pool({ connectionString: config.databaseUrl, max: config.databasePoolSize });
const callers = new Map<string, string>();

const routes: Record<string, (caller: string) => Promise<object>> = {
  '/viewer': async (caller) => {
    const { rows } = await pool.query({ ...viewerStatement, values: [caller] });
    return { viewer: rows[0] };
  },
  '/users': async () => ({ users: { nodes: (await pool.query(usersStatement)).rows } }),
  '/permissions': async () => ({ users: { nodes: (await pool.query(permissionsStatement)).rows } }),
};

const constant = JSON.stringify({ data: { viewer: { username: username(1) } } });

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/constant') return send(response, constant);
  const caller = callers.get(request.headers.authorization ?? '');
  const route = routes[request.url ?? ''];
  if (!caller || !route) return void response.writeHead(404, { 'content-length': 0 }).end();
  send(response, JSON.stringify({ data: await route(caller) }));
}

function send(response: ServerResponse, text: string): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) };
  response.writeHead(200, headers).end(text);
}

interface Verification {
  /** Of Argon2: one of `bindings`. */
  readonly binding: string;
  readonly hash: string;
  readonly password: string;
  readonly concurrency: number;
  readonly seconds: number;
}

/** @returns passwords verified per second by a binding of Argon2 alone */
async function verify({ binding, hash, password, concurrency, seconds }: Verification): Promise<number> {
  const matches = await bindingAlone(binding);
  const start = performance.now();
  const end = start + seconds * 1000;
  let verified = 0;
  const worker = async () => {
    for (; performance.now() < end; verified++)
      if (!(await matches?.(hash, password))) throw new Error(`${binding} does not verify the hash`);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (verified / (performance.now() - start)) * 1000;
}

/**
 * @returns refresh token rotations per second with the service's own statements: the rate limit's count and the
 *   rotation
 */
async function rotate({ sessions, seconds }: { sessions: number; seconds: number }): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let rotated = 0;
  const client = async () => {
    let token: Buffer = randomBytes(32);
    const { rows } = await pool.query<{ id: string }>(newSessionStatement, [token]);
    for (let generation = 1; rows.length > 0 && performance.now() < end; generation++, rotated++) {
      const [now, successor] = [Date.now(), randomBytes(32)];
      await pool.query({ ...countStatement, values: ['bench:address:127.0.0.1', now + 60_000, now] });
      const instants = [new Date(now), successor, new Date(now + 25_200_000), new Date(now + 604_800_000)];
      const values = [token, ...instants, 2_592_000_000, rows[0]?.id, generation];
      const exchanged = await pool.query({ ...rotationStatement, values });
      if (exchanged.rows.length !== 1) throw new Error('The floor exchanged nothing');
      token = successor;
    }
  };
  await Promise.all(Array.from({ length: sessions }, client));
  return (rotated / (performance.now() - start)) * 1000;
}

interface Searching {
  readonly terms: readonly string[];
  readonly clients: number;
  readonly seconds: number;
}

/** @returns searches per second with the service's own search condition */
async function search({ terms, clients, seconds }: Searching): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let searched = 0;
  const client = async () => {
    while (performance.now() < end) {
      const { rows } = await pool.query(searchStatement, [terms[searched % terms.length]]);
      if (rows.length === 0) throw new Error('The floor found nobody');
      searched += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (searched / (performance.now() - start)) * 1000;
}

// The body is discarded: the path alone identifies the query.
const server = createServer((request, response) => {
  request.resume();
  respond(request, response).catch((error) => response.destroy(error));
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const calls = {
  port: () => (server.address() as AddressInfo).port,
  usage,
  bindings: bindingsAlone,
  remember: ({ token, userId }: { token: string; userId: string }) => void callers.set(`Bearer ${token}`, userId),
  verify,
  rotate,
  search,
  rareTerms: async (count: number): Promise<string[]> =>
    (await pool.query(rareTerms, [count])).rows.map(({ term }) => term),
};
export type FloorCalls = typeof calls;

answer(calls);
