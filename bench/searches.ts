import { drive } from './load.js';
import { watching } from './measure.js';
import { commonTerm } from './million-seed.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { post } from './requests.js';
import type { Stage } from './stage.js';
import { interleaved, median, medianOf } from './statistics.js';
import { clients } from './throughput.js';

const query = 'query ($search: String) { users(search: $search, first: 20) { nodes { id username email } } }';

/** Measures searches for rare terms, a different one each time, against the same indexed SQL sent directly. */
export async function search(stage: Stage, plan: Plan): Promise<Result> {
  const rare = await compare(stage, await stage.floor.child.ask('rareTerms', 200), plan);
  const common = await compare(stage, [commonTerm], plan);
  return {
    scenario: 'users(search:)',
    floor: `${Math.round(rare.floor)}/s`,
    service: `${Math.round(rare.service)}/s`,
    ratio: rare.service / rare.floor,
    target: { atLeast: 0.5 },
    notes: [
      `the service's core is in use ${Math.round(rare.busy * 100)} %`,
      `a term that one user in ten has: ${Math.round(common.floor)}/s raw, ${Math.round(common.service)}/s, ` +
        `${(common.service / common.floor).toFixed(2)}; the service's core in use ${Math.round(common.busy * 100)} %`,
    ],
  };
}

async function compare({ floor, service, token }: Stage, terms: readonly string[], { rounds, seconds }: Plan) {
  const requests = terms.map((term) => post('/graphql', { query, variables: { search: term } }, token));
  let sent = 0;
  const next = () => requests[sent++ % requests.length] ?? Buffer.alloc(0);
  const work = {
    floor: () => floor.child.ask('search', { terms, clients, seconds }),
    service: () =>
      watching(service.child, () =>
        drive({ port: service.port, requests: Array(clients).fill(next), seconds, isRight: isFound }),
      ),
  };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  return {
    floor: median(measured.floor),
    service: medianOf(measured.service, ({ perSecond }) => perSecond),
    busy: medianOf(measured.service, ({ busy }) => busy),
  };
}

/** Every term matches somebody, so an empty result is wrong. */
const isFound = ({ body }: { readonly body: readonly Buffer[] }): boolean =>
  Buffer.concat(body).includes('"nodes":[{"id"');
