import type { Measured } from './child.js';
import { drive, type Pace } from './load.js';
import { type Effort, watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { pageSize, post, usersQuery } from './requests.js';
import { type Trial, tried } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';

export const clients = 16;

/** All clients send the same request. An answer of another length than the first is an error, whatever its status. */
export const crowd = (port: number, { request, length }: Trial, seconds: number, size = clients): Promise<Pace> =>
  drive({
    port,
    requests: Array(size).fill(request),
    seconds,
    isRight: (answer) => answer.status === 200 && answer.length === length,
  });

/** Measures a query for the caller's own account: the cost that every request has, and little else. */
export async function viewer(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: 'viewer', ...(await throughput(stage, 'viewer', plan)), target: { atLeast: 1 } };
}

/** Measures a query for one field of the caller's own account, against a floor that always answers the same text. */
export async function viewerOneField(stage: Stage, plan: Plan): Promise<Result> {
  return { scenario: 'viewer, one field', ...(await throughput(stage, 'oneField', plan)), target: { atLeast: 0.8 } };
}

/** Measures a page of users with their roles: the cost of rows and fields. */
export async function users(stage: Stage, plan: Plan): Promise<Result> {
  const measured = await throughput(stage, 'users', plan);
  const counts = [await statementsOf(stage, usersQuery(1)), await statementsOf(stage, usersQuery(pageSize))];
  const notes = [
    `an answer has ${(stage.service.users.length / 1000).toFixed(1)} kB`,
    `SQL statements for 1 user: ${counts[0]}, for ${pageSize}: ${counts[1]} (target ≤ 3 each)`,
    ...measured.notes,
  ];
  return { scenario: `${pageSize} users with roles`, ...measured, notes, target: { atLeast: 0.8 } };
}

type Name = 'viewer' | 'oneField' | 'users';

const throughput = ({ floor, service }: Stage, name: Name, plan: Plan) =>
  compared({ ...floor, trial: floor[name] }, { ...service, trial: service[name] }, plan);

/** A process with the one request that it is measured with. */
export interface Tried {
  readonly child: Measured;
  readonly port: number;
  readonly trial: Trial;
}

/** Measures the throughput of both sides in turn. */
export async function compared(floor: Tried, service: Tried, { rounds, seconds }: Plan) {
  const measure =
    ({ child, port, trial }: Tried) =>
    () =>
      watching(child, () => crowd(port, trial, seconds));
  const work = { floor: measure(floor), service: measure(service) };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  return compare(measured.floor, measured.service);
}

type Round = Pace & Effort;

/** Compares the throughput of rounds that were measured in turn. */
export function compare(floor: readonly Round[], service: readonly Round[]) {
  const [floorPace, servicePace] = [floor, service].map((rounds) => medianOf(rounds, ({ perSecond }) => perSecond));
  return {
    floor: `${Math.round(floorPace ?? 0)}/s`,
    service: `${Math.round(servicePace ?? 0)}/s`,
    ratio: (servicePace ?? 0) / (floorPace ?? 0),
    notes: busyNotes(floor, service),
  };
}

/** Adds CPU time: when the floor had to wait for the load generator's core, its throughput is understated. */
function busyNotes(floor: readonly Round[], service: readonly Round[]): string[] {
  const [floorBusy, serviceBusy] = [floor, service].map((rounds) => medianOf(rounds, ({ busy }) => busy));
  const [floorCost, serviceCost] = [floor, service].map((rounds) => medianOf(rounds, (r) => r.busy / r.perSecond));
  const percent = (share = 0) => `${Math.round(share * 100)} %`;
  const flatters =
    (floorBusy ?? 1) < 0.95 ? ' (the floor waited for the load: the truth is nearer to the last number)' : '';
  return [
    `core in use: floor ${percent(floorBusy)}, service ${percent(serviceBusy)}; ` +
      `ratio by processor time per request: ${((floorCost ?? 0) / (serviceCost ?? 1)).toFixed(2)}${flatters}`,
  ];
}

/** Counts the statements of a query. Takes the lowest of several attempts, because background jobs add some. */
export async function statementsOf({ service, token }: Stage, query: string): Promise<number> {
  const request = post('/graphql', { query }, token);
  const counts: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = await service.child.ask('statements');
    await tried(service.port, request);
    counts.push((await service.child.ask('statements')) - before);
  }
  return Math.min(...counts);
}
