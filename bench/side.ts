import { isDeepStrictEqual } from 'node:util';
import type { Calls } from './calls.js';
import type { Child } from './child.js';
import { Connection } from './connection.js';
import type { FloorCalls } from './floor.js';
import { oneFieldQuery, pageSize, post, usersQuery, viewerQuery } from './requests.js';
import type { ServiceCalls } from './service.js';

/** A request with its expected answer: a later answer of another length is wrong. */
export interface Trial {
  readonly request: Buffer;
  /** Length of the answer's body, in bytes. */
  readonly length: number;
  readonly answer: unknown;
}

/** A process with the requests that it is measured with. */
export interface Side<Known extends Calls> {
  readonly child: Child<Known>;
  readonly port: number;
  readonly viewer: Trial;
  readonly oneField: Trial;
  readonly users: Trial;
}

export async function serviceSide(child: Child<ServiceCalls>, token: string): Promise<Side<ServiceCalls>> {
  const port = await child.ask('port');
  const viewer = await tried(port, post('/graphql', { query: viewerQuery }, token));
  const users = await tried(port, post('/graphql', { query: usersQuery(pageSize) }, token));
  const oneField = await tried(port, post('/graphql', { query: oneFieldQuery }, token));
  return { child, port, viewer, oneField, users };
}

/** Tries the floor with the same queries as the service, at its own paths. */
export async function floorSide(child: Child<FloorCalls>, token: string): Promise<Side<FloorCalls>> {
  const [, claims = ''] = token.split('.');
  await child.ask('remember', { token, userId: JSON.parse(Buffer.from(claims, 'base64url').toString()).sub });
  const port = await child.ask('port');
  const viewer = await tried(port, post('/viewer', { query: viewerQuery }, token));
  const users = await tried(port, post('/users', { query: usersQuery(pageSize) }, token));
  const oneField = await tried(port, post('/constant', { query: oneFieldQuery }, token));
  return { child, port, viewer, oneField, users };
}

/** Ensures that both sides do the same work. @throws when their answers differ */
export function assertSameAnswers(one: Side<FloorCalls>, other: Side<ServiceCalls>): void {
  for (const name of ['viewer', 'oneField', 'users'] as const)
    if (!isDeepStrictEqual(one[name].answer, other[name].answer))
      throw new Error(`The floor answers ${name} otherwise`);
}

/** Sends a request once, to learn its answer. */
export async function tried(port: number, request: Buffer): Promise<Trial> {
  const connection = await Connection.open(port);
  try {
    const { body, length } = await connection.exchange(request);
    return { request, length, answer: JSON.parse(Buffer.concat(body).toString()) };
  } finally {
    connection.close();
  }
}
