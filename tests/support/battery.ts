import { expect } from '@jest/globals';
import { errorCodes } from '../../src/errors.js';
import { makeToken } from './api-tokens.js';
import { Client } from './client.js';
import { crowd } from './crowded.js';
import { password } from './harness.js';
import { ServiceProcess } from './service-process.js';
import { fresh, type Outcome, overHttp, transports } from './transports.js';

/** In MiB: by how much one attack may make the process grow. */
const mostGrowth = 64;
/** In milliseconds: how long the service may take to say that it lives, whatever else it does. */
const longestSilence = 1000;

/** What an answer can be refused with; what went wrong unexpectedly is no refusal. */
const refusals: readonly string[] = errorCodes.filter((code) => code !== 'INTERNAL_SERVER_ERROR');

export interface Besieged {
  readonly service: ServiceProcess;
  /** By name, with the token that each sends. */
  readonly callers: readonly (readonly [name: string, token: string | undefined])[];
}

/** A service with as much data as one account can come by, and everybody who attacks it. */
export async function besieged(): Promise<Besieged> {
  const service = await ServiceProcess.start();
  const administrator = await service.administrator();
  const input = { username: 'a.person', email: 'a.person@example.com', password };
  await administrator.mutate('createUser', input, 'user { id }');
  await crowd(service.databaseUrl, ['root.admin', 'a.person']);
  const person = new Client(service.url);
  await person.login('a.person', password);
  const scopes = ['user:*', 'role:*', 'profile:*', 'session:*', 'security-event:*', 'post:*', 'comment:*'];
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

/** Honest pages of the largest texts, of users and of roles. */
const honest = [
  '{ posts(first: 100) { nodes { id title body author { username } } } }',
  '{ posts(first: 1) { nodes { comments(first: 100) { nodes { id body } } } } }',
  '{ viewer { abilityRules roles { name permissions { name } } sessions { userAgent } } }',
];

/**
 * A process takes some memory once, for its code, its caches and a heap of working size, and keeps it: that is no growth
 * under attack. So it first serves what honest callers ask for at most, until that is taken.
 */
async function workIn(target: Besieged): Promise<void> {
  for (let round = 0; round < 2; round += 1) await serveHonest(target);
  await manyDocuments(target, 'warming');
}

export async function serveHonest(target: Besieged): Promise<void> {
  for (const query of honest) await everyWay(target, query);
}

/** Three hundred documents, each sent until it is compiled and kept. */
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

/**
 * Sends a query as everybody, over both transports, as a document that is new and as one that is known by then.
 * @returns all that was answered
 */
export async function everyWay({ service, callers }: Besieged, query: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [, token] of callers)
    for (const [, ask] of transports) {
      const document = fresh(query);
      for (let time = 0; time < 3; time += 1) outcomes.push(await ask(service.url, { query: document, token }));
    }
  return outcomes;
}

/** Runs the attack and holds the service to its promises. */
export async function withstands({ service }: Besieged, attack: () => Promise<readonly Outcome[]>): Promise<void> {
  let outcomes: readonly Outcome[] = [];
  const { growth, slowest } = await service.under(async () => {
    outcomes = await attack();
  });
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.flatMap(({ codes }) => codes).filter((code) => !refusals.includes(code))).toEqual([]);
  // Nothing is cut off without a word: who gets no data is told why.
  expect(outcomes.filter(({ data, codes }) => data === null && codes.length === 0)).toEqual([]);
  expect(Math.round(growth)).toBeLessThan(mostGrowth);
  expect(Math.round(slowest)).toBeLessThan(longestSilence);
}
