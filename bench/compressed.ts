import { drive } from './load.js';
import { watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { pageSize, post, usersQuery } from './requests.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { clients, compare } from './throughput.js';

/**
 * Measures a page of users for clients that accept brotli against the same for clients that do not. A busy service compresses
 * some answers only; the notes say how many.
 */
export async function compressedUsers({ service, token }: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const { child, port, users } = service;
  const sizes: number[] = [];
  const run = (request: Buffer) => () =>
    watching(child, () =>
      drive({
        port,
        requests: Array(clients).fill(request),
        seconds,
        isRight: ({ status, length }) => {
          if (request !== users.request) sizes.push(length);
          return status === 200 && (request !== users.request || length === users.length);
        },
      }),
    );
  const accepting = post('/graphql', { query: usersQuery(pageSize) }, token, ['accept-encoding: br']);
  const work = { floor: run(users.request), service: run(accepting) };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  const small = sizes.filter((size) => size < users.length);
  const notes = [
    `${Math.round((100 * small.length) / sizes.length)} % of the answers were compressed, ` +
      `from ${(users.length / 1000).toFixed(1)} kB to ${(medianOf(small, (size) => size) / 1000).toFixed(1)} kB`,
  ];
  const compared = compare(measured.floor, measured.service);
  return {
    scenario: `${pageSize} users, compressed`,
    ...compared,
    target: { atLeast: 0.8 },
    notes: [...notes, ...compared.notes],
  };
}
