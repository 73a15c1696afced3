import { isDeepStrictEqual } from 'node:util';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { pageSize, permissionsQuery, post } from './requests.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';
import { compared, statementsOf } from './throughput.js';

/**
 * Measures a page of users with their roles and permissions, three kinds of rows that must take a fixed number of
 * statements.
 */
export async function permissions(stage: Stage, plan: Plan): Promise<Result> {
  const { floor, service, token } = stage;
  const query = permissionsQuery(pageSize);
  const ours = await tried(service.port, post('/graphql', { query }, token));
  const least = await tried(floor.port, post('/permissions', { query }, token));
  if (!isDeepStrictEqual(ours.answer, least.answer)) throw new Error('The floor answers permissions otherwise');
  const measured = await compared({ ...floor, trial: least }, { ...service, trial: ours }, plan);
  const counts = [await statementsOf(stage, permissionsQuery(1)), await statementsOf(stage, query)];
  return {
    scenario: `${pageSize} of a million users with roles and permissions`,
    ...measured,
    target: { atLeast: 0.6 },
    notes: [
      `an answer has ${(ours.length / 1000).toFixed(1)} kB`,
      `SQL statements for 1 user: ${counts[0]}, for ${pageSize}: ${counts[1]} (target: the same)`,
      ...measured.notes,
    ],
  };
}
