import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { post } from './requests.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';
import { percentile } from './statistics.js';

/** Each query is asked so often. */
const times = 40;
/** Milliseconds in which a screen of the console shows its numbers. */
const target = 300;

const day = 24 * 60 * 60 * 1000;
const ago = (days: number): string => new Date(Date.now() - days * day).toISOString();
const counted = (days: number, interval: 'HOUR' | 'DAY') => ({
  query: `{ securityStatistics(from: "${ago(days)}", to: "${ago(0)}", interval: ${interval}, timeZone: "Europe/Berlin") {
    starts series { type count counts } isComplete } }`,
});

const queries: Readonly<Record<string, () => object>> = {
  'statistics of a day': () => counted(1, 'HOUR'),
  'statistics of a month': () => counted(31, 'DAY'),
  overview: () => ({
    query: `{ securityOverview { accounts { count } lockedAccounts { count } openSessions { count } endingGrants { count }
      mails { waiting { count } } jobs { waiting { count } } } }`,
  }),
  'unusual activity of a day': () => ({ query: `{ unusualActivity(since: "${ago(1)}") { kind count } }` }),
  'unusual activity of a month': () => ({ query: `{ unusualActivity(since: "${ago(31)}") { kind count } }` }),
};

/** Measures what the first screen of the console asks, among a million people and ten million events. */
export async function overview({ service, token }: Stage, _plan: Plan): Promise<Result> {
  const notes: string[] = [];
  let slowest = 0;
  for (const [name, body] of Object.entries(queries)) {
    const took: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const start = performance.now();
      const { answer } = await tried(service.port, post('/graphql', body(), token));
      took.push(performance.now() - start);
      if ('errors' in (answer as object)) throw new Error(JSON.stringify(answer));
    }
    const p95 = percentile(took, 0.95);
    slowest = Math.max(slowest, p95);
    notes.push(`${name}: ${Math.round(percentile(took, 0.5))} ms, p95 ${Math.round(p95)} ms`);
  }
  const scenario = 'numbers of the console, p95 of the slowest';
  const result = { floor: `${target} ms`, service: `${Math.round(slowest)} ms`, ratio: slowest / target };
  return { scenario, ...result, target: { atMost: 1 }, notes: [...notes, "the floor's column has the target"] };
}
