import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { crowd } from './throughput.js';

const most = 1000;
const query = 'query ($checks: [AccessCheck!]!) { viewer { can(checks: $checks) } }';
const check = (index: number) => ({
  action: ['read', 'update', 'delete', 'publish'][index % 4],
  resource: ['post', 'comment', 'invoice'][index % 3],
  attributes: { id: index, authorId: `author ${index}`, published: index % 2 === 0 },
});

/** Measures 1,000 access checks in one request against requests with a single check, in checks per second. */
export async function can({ service }: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const { answer } = await tried(service.port, post('/graphql', loginBody(username(2), password)));
  const token = (answer as { data: { login: { result: { accessToken: string } } } }).data.login.result.accessToken;
  const asking = async (count: number) => {
    const checks = Array.from({ length: count }, (_, index) => check(index));
    return tried(service.port, post('/graphql', { query, variables: { checks } }, token));
  };
  const [one, many] = [await asking(1), await asking(most)];
  const work = {
    one: () => crowd(service.port, one, seconds),
    many: () => crowd(service.port, many, seconds, 4),
  };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  const single = medianOf(measured.one, ({ perSecond }) => perSecond);
  const checked = most * medianOf(measured.many, ({ perSecond }) => perSecond);
  return {
    scenario: `can: ${most} checks in a request`,
    floor: `${Math.round(single)} checks/s, one a request`,
    service: `${Math.round(checked)} checks/s`,
    ratio: checked / single,
    target: { atLeast: 1 },
    notes: [`p99 of a request of ${most}: ${medianOf(measured.many, ({ p99 }) => p99).toFixed(1)} ms, 4 at a time`],
  };
}
