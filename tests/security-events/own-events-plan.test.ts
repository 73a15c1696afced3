import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { windowOf } from '../../src/database/keyset.js';
import type { Sql } from '../../src/database/sql.js';
import type { SqlValue } from '../../src/database/sql-values.js';
import { subjectsEventPages } from '../../src/security-events/event-rows.js';
import { Harness } from '../support/harness.js';
import { administer } from '../support/postgres.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Every tenth event happened to the user, each other one to somebody else. */
const many = (userId: string) => `
  insert into security_events (id, type, occurred_at, subject_id, details, sequence)
  select gen_random_uuid(), 'LOGOUT', now(), case when n % 10 = 0 then '${userId}'::uuid else gen_random_uuid() end,
    '{}', 1000000 + n from generate_series(1, 20000) n;
  analyze security_events`;

test('a page reads little more than its rows from the index, wherever it lies', async () => {
  const harness = await Harness.start();
  const { sql } = harness.app.services.database;
  const userId = randomUUID();
  await administer(harness.databaseUrl, many(userId));
  const after = Buffer.from(JSON.stringify(['1010000', randomUUID()])).toString('base64url');
  for (const page of [{ first: 10 }, { last: 10 }, { first: 10, after }, { last: 10, before: after }]) {
    const nodes = nodesOf(await planOf(sql, userId, page)).filter((node) =>
      /^security_events/.test(node['Relation Name'] ?? ''),
    );
    // One partition, since all were published this month.
    expect(nodes.map((node) => node['Index Name'])).toEqual([expect.stringMatching(/_subject_id_sequence_idx$/)]);
    // The page, and the rest of the last group of an incremental sort.
    expect(nodes[0]?.['Actual Rows']).toBeLessThan(100);
  }
});

async function planOf(sql: Sql, userId: string, page: object): Promise<Plan> {
  const plans: { readonly 'QUERY PLAN': readonly { readonly Plan: Plan }[] }[] = [];
  const explaining = {
    rows: async (text: string, values: readonly SqlValue[]) => {
      plans.push(...(await sql.rows<(typeof plans)[number]>(`explain (analyze, format json) ${text}`, values)));
      return [];
    },
  };
  await subjectsEventPages(explaining as unknown as Sql, [{ parentId: userId, window: windowOf(page) }]);
  const plan = plans[0]?.['QUERY PLAN'][0];
  if (!plan) throw new Error('There is no plan');
  return plan.Plan;
}
