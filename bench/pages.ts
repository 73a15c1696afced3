import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { post } from './requests.js';
import { type Trial, tried } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { crowd } from './throughput.js';

const orders = ['CREATED_AT', 'LAST_LOGIN_AT', 'USERNAME', 'EMAIL'] as const;
type Order = (typeof orders)[number];

/**
 * Compares a page in the middle of a million users with the first page; reports the sort order with the worst ratio.
 */
export async function pages(stage: Stage, plan: Plan): Promise<Result> {
  const measured = [];
  for (const order of orders) measured.push(await measure(stage, order, plan));
  const worst = measured.reduce((one, other) => (other.ratio > one.ratio ? other : one));
  return {
    scenario: 'middle page ÷ first page',
    floor: `${worst.first.toFixed(2)} ms`,
    service: `${worst.middle.toFixed(2)} ms`,
    ratio: worst.ratio,
    target: { atMost: 1.5 },
    notes: measured.map(
      ({ order, first, middle, ratio }) =>
        `by ${order}: first ${first.toFixed(2)} ms, middle ${middle.toFixed(2)} ms, ${ratio.toFixed(2)}`,
    ),
  };
}

async function measure({ service, token }: Stage, order: Order, { rounds, seconds }: Plan) {
  const request = (page: string) =>
    post('/graphql', { query: `{ users(${page}, orderBy: { field: ${order} }) { ${asked} } }` }, token);
  const first = await tried(service.port, request('first: 20'));
  // Read once by offset to get a cursor in the middle.
  const place = cursorOf(await tried(service.port, request('first: 1, offset: 500000')));
  const middle = await tried(service.port, request(`first: 20, after: "${place}"`));
  const work = { first: () => alone(service.port, first, seconds), middle: () => alone(service.port, middle, seconds) };
  await interleaved(1, work);
  const results = await interleaved(rounds, work);
  const [one, other] = [medianOf(results.first, perRequest), medianOf(results.middle, perRequest)];
  return { order, first: one, middle: other, ratio: other / one };
}

const asked = 'nodes { id username email createdAt lastLoginAt } pageInfo { endCursor hasNextPage }';

const cursorOf = ({ answer }: Trial): string =>
  (answer as { data: { users: { pageInfo: { endCursor: string } } } }).data.users.pageInfo.endCursor;

/** One client only, so that the time of an answer includes no waiting for others. */
const alone = (port: number, trial: Trial, seconds: number) => crowd(port, trial, seconds, 1);

/** Time of one request, in milliseconds. */
const perRequest = ({ perSecond }: { perSecond: number }): number => 1000 / perSecond;
