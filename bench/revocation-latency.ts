import { Connection } from './connection.js';
import type { Fleet } from './fleet.js';
import { oneFieldQuery, post } from './requests.js';
import { username } from './seed.js';
import { percentile } from './statistics.js';

/** Sessions that are ended one after another. */
const revoked = 60;

export interface Revocations {
  /** Milliseconds from sending a revocation until its answer. */
  readonly answers: readonly number[];
  /** Milliseconds from sending a revocation until each process refuses the session, by its own answer. */
  readonly everywhere: readonly number[];
}

/**
 * Ends sessions through each process in turn, and asks every process without a pause who is signed in.
 * @throws when a process accepts a session after its end was answered
 */
export async function latencies(fleet: Fleet): Promise<Revocations> {
  const connections = await Promise.all(fleet.ports.map((port) => Connection.open(port)));
  const revoking = await Promise.all(fleet.ports.map((port) => Connection.open(port)));
  const answers: number[] = [];
  const everywhere: number[] = [];
  try {
    for (let n = 0; n < revoked; n += 1) {
      const { accessToken, sessionId } = await fleet.signInAs(username(20 + n));
      const ask = post('/graphql', { query: oneFieldQuery }, accessToken);
      await Promise.all(connections.map((connection) => connection.exchange(ask)));
      const begunAt = performance.now();
      let answeredAt = Number.POSITIVE_INFINITY;
      const answered = (revoking[n % revoking.length] as Connection).exchange(end(sessionId, accessToken)).then(() => {
        answeredAt = performance.now();
        answers.push(answeredAt - begunAt);
      });
      const refusals = connections.map((connection) => refusedAt(connection, ask, () => answeredAt));
      everywhere.push(Math.max(...(await Promise.all(refusals))) - begunAt);
      await answered;
    }
  } finally {
    for (const connection of [...connections, ...revoking]) connection.close();
  }
  return { answers, everywhere };
}

const end = (sessionId: string, token: string) =>
  post(
    '/graphql',
    { query: `mutation { revokeSession(input: { sessionId: "${sessionId}" }) { errors { code } } }` },
    token,
  );

/** @returns when the first refusal was received */
async function refusedAt(connection: Connection, ask: Buffer, answeredAt: () => number): Promise<number> {
  for (;;) {
    const sentAt = performance.now();
    const { body } = await connection.exchange(ask);
    if (Buffer.concat(body).includes('UNAUTHENTICATED')) return performance.now();
    if (sentAt > answeredAt()) throw new Error('A session was accepted after its end had been answered');
  }
}

export function summaryOf(all: readonly Revocations[]): string | undefined {
  if (all.length === 0) return undefined;
  const of = (name: keyof Revocations) => {
    const times = all.flatMap((one) => one[name]);
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)].map((time) => time.toFixed(1));
    return `p50 ${p50} ms, p99 ${p99} ms, max ${Math.max(...times).toFixed(1)} ms`;
  };
  return `a session is refused by every process ${of('everywhere')} after its end was sent; that is answered after ${of('answers')} (${all.length * revoked} of them)`;
}
