import { expect } from '@jest/globals';
import { errorCodes } from '../../src/errors.js';
import { makeToken } from './api-tokens.js';
import { Client } from './client.js';
import { crowd } from './crowded.js';
import { password } from './harness.js';
import { ServiceProcess } from './service-process.js';
import { fresh, type Outcome, overHttp, transports } from './transports.js';

/** Most memory by which one attack may make the process grow, in MiB. */
const mostGrowth = 64;
/** Longest time that the service may keep the health check waiting during an attack, in milliseconds. */
const longestSilence = 1000;

/** Error codes that an answer may have; an unexpected error is a failure of the service. */
const refusals: readonly string[] = errorCodes.filter((code) => code !== 'INTERNAL_SERVER_ERROR');

export interface Besieged {
  readonly service: ServiceProcess;
  /** Name and token of each caller. */
  readonly callers: readonly (readonly [name: string, token: string | undefined])[];
}

/** Starts a service with as much data as one account can have, and signs in every kind of attacker. */
export async function besieged(): Promise<Besieged> {
  const service = await ServiceProcess.start();
  const administrator = await service.administrator();
  const input = { username: 'a.person', email: 'a.person@example.com', password };
  await administrator.mutate('createUser', input, 'user { id }');
  await crowd(service.databaseUrl, ['root.admin', 'a.person']);
  const person = new Client(service.url);
  await person.login('a.person', password);
  const scopes = ['user:*', 'role:*', 'profile:*', 'session:*', 'security-event:*', 'job:*', 'post:*', 'comment:*'];
  const { token } = await makeToken(administrator, scopes);
  const callers = [
    ['anonymous', undefined],
    ['user', person.token],
    ['administrator', administrator.token],
    ['API token', token],
  ] as const;
  await workIn({ service, callers });
  return { service, callers };
}

/** Large but legitimate queries for posts, comments and roles. */
const honest = [
  '{ posts(first: 100) { nodes { id title body author { username } } } }',
  '{ posts(first: 1) { nodes { comments(first: 100) { nodes { id body } } } } }',
  '{ viewer { abilityRules roles { name permissions { name } } sessions { userAgent } } }',
];

/**
 * Warms the process up with the largest legitimate queries. A process takes memory once for code, caches and its
 * working heap; that must not count as growth under attack.
 */
async function workIn(target: Besieged): Promise<void> {
  for (let round = 0; round < 3; round += 1) await serveHonest(target);
  await manyDocuments(target, 'warming');
}

export async function serveHonest(target: Besieged): Promise<void> {
  for (const query of honest) await everyWay(target, query);
}

/** Sends three hundred different documents, each often enough to be compiled and cached. */
export async function manyDocuments({ service }: Besieged, name: string): Promise<Outcome[]> {
  const aliases = Array.from({ length: 25 }, (_, place) => `${name}${place}: comments(first: 1) { ...C }`).join(' ');
  const fragment =
    'fragment C on CommentConnection { nodes { id createdAt updatedAt author { id username } post { id title } } }';
  const outcomes: Outcome[] = [];
  for (let place = 0; place < 300; place += 1) {
    const query = `{ posts(first: 1, offset: ${place}) { nodes { ${aliases} } } } ${fragment}`;
    for (let time = 0; time < 3; time += 1) outcomes.push(await overHttp(service.url, { query }));
  }
  return outcomes;
}

/** How often a document is sent: the first time it is interpreted, the second time compiled, and kept as such. */
const newAndKnown = 2;

/**
 * Sends a query as every caller, over both transports, as a new document and as a known one.
 * @returns all answers
 */
export async function everyWay({ service, callers }: Besieged, query: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [, token] of callers)
    for (const [, ask] of transports) {
      const document = fresh(query);
      for (let time = 0; time < newAndKnown; time += 1)
        outcomes.push(await ask(service.url, { query: document, token }));
    }
  return outcomes;
}

/** Runs the attack and checks that the service stays within its limits. */
export async function withstands({ service }: Besieged, attack: () => Promise<readonly Outcome[]>): Promise<void> {
  let outcomes: readonly Outcome[] = [];
  const { growth, slowest } = await service.under(async () => {
    outcomes = await attack();
  });
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.flatMap(({ codes }) => codes).filter((code) => !refusals.includes(code))).toEqual([]);
  // No silent failures: an answer without data must have an error code.
  expect(outcomes.filter(({ data, codes }) => data === null && codes.length === 0)).toEqual([]);
  expect(Math.round(growth)).toBeLessThan(mostGrowth);
  expect(Math.round(slowest)).toBeLessThan(longestSilence);
}
