import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { parse as parseDocument } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { ownOperations } from '../../src/metrics/operation-names.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Harness, password } from '../support/harness.js';
import { Scrape, scrape } from '../support/scrape.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const dashboard = JSON.parse(readFileSync('deploy/grafana/gatehouse.json', 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
};
const alerts = parseYaml(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);
const documentation = readFileSync('docs/operations.md', 'utf8');

const expressions: readonly (readonly [where: string, expression: string])[] = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.templating.list.map(({ query }) => ['templating', query] as const),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
];

let scraped: Scrape;
beforeAll(async () => {
  // What is told of Redis and of replicas is the same when nothing listens there.
  const more = {
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    DATABASE_REPLICA_URLS: `postgres://nobody:nothing@127.0.0.1:${await freePort()}/nothing`,
  };
  const harness = await Harness.start({ METRICS_PORT: '0', RATE_LIMIT_PASSWORD_STRENGTH: '1/1m', ...more });
  const client = harness.client();
  await client.login('nobody', password);
  for (let n = 0; n < 2; n += 1) await client.ask('{ passwordStrength(password: "x") { score } }');
  // Garbage collections are told once there has been one, and what only the database knows when it has answered in time.
  scraped = await eventually(async () => {
    const latest = await scrape(harness.app);
    Array.from({ length: 100_000 }, (_, n) => ({ n }));
    const late = ['nodejs_gc_duration_seconds_sum', 'gatehouse_jobs', 'gatehouse_redis_failures_total'];
    const hasAll = late.every((name) => latest.of(name).length > 0);
    return hasAll && latest;
  });
  await harness.close();
});

/** Labels that Prometheus adds, and those of histograms. */
const added = ['instance', 'job', 'le'];
const named = /\b(?:gatehouse|process|nodejs)_\w+/g;
const selector = /((?:gatehouse|process|nodejs)_\w+)\{([^}]*)\}/g;
const grouped = /\b(?:by|on) \(([^)]*)\)/g;

const labelsOf = (metric: string): Set<string> =>
  new Set(scraped.samples.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels)));

/** What an expression names that the service does not tell. */
function unknownIn(expression: string): string[] {
  const metrics = expression.match(named) ?? [];
  const known = new Set([...added, ...metrics.flatMap((metric) => [...labelsOf(metric)])]);
  const matched = [...expression.matchAll(selector)].flatMap(([, metric = '', matchers = '']) =>
    [...matchers.matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g)].map((found) => [metric, ...found.slice(1)] as string[]),
  );
  return [
    ...metrics.filter((metric) => scraped.of(metric).length === 0),
    ...matched.filter(([metric = '', label = '']) => !added.includes(label) && !labelsOf(metric).has(label)).flat(),
    ...matched
      .filter(
        ([metric = '', label = '', how, value = '']) =>
          how === '=' && scraped.of(metric, { [label]: value }).length === 0,
      )
      .flat(),
    ...[...expression.matchAll(grouped)]
      .flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()))
      .filter((label) => !known.has(label)),
  ];
}

test('every metric, label and compared value of the dashboard and the alerts is told by the service', () => {
  expect(expressions.length).toBeGreaterThan(50);
  expect(
    expressions.map(([where, expression]) => [where, unknownIn(expression)]).filter(([, found]) => found?.length),
  ).toEqual([]);
});

test('what the service does not tell is found', () => {
  for (const expression of [
    'gatehouse_operation_total',
    'gatehouse_jobs{tasks="mail"}',
    'gatehouse_jobs{task="mails"}',
    'sum by (codes) (gatehouse_operations_total)',
  ])
    expect(unknownIn(expression)).not.toEqual([]);
});

test('each alert has a sentence, and a heading of the documentation', () => {
  const anchors = [...documentation.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  for (const { alert, annotations } of rules) {
    expect(annotations.summary).toMatch(/\.$/);
    const [page, anchor = ''] = annotations.runbook.split('#');
    expect([alert, page, anchors.includes(anchor)]).toEqual([alert, 'docs/operations.md', true]);
  }
});

test('the documentation has each metric with its type, labels and meaning, and no other', () => {
  const rows = [...documentation.matchAll(/^\| `(gatehouse_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map((row) =>
    row.slice(1),
  );
  const told = [...scraped.described].filter(([name]) => name.startsWith('gatehouse_'));
  const labelsText = (metric: string) => {
    const samples = scraped.samples.filter((sample) => scraped.metricOf(sample) === metric);
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
    labels.delete('le');
    return [...labels].map((label) => `\`${label}\``).join(', ') || '–';
  };
  expect(rows).toEqual(told.map(([name, { type, help }]) => [name, type, labelsText(name), help]));
});

test('the names that are told apart are those that the pages and the client send', () => {
  const screens = readdirSync('web/console').map((name) => `web/console/${name}/operations.graphql`);
  const files = ['web/operations.graphql', 'client/operations.graphql', ...screens.filter((file) => existsSync(file))];
  const sent = files.flatMap((file) =>
    parseDocument(readFileSync(file, 'utf8')).definitions.flatMap((definition) =>
      definition.kind === 'OperationDefinition' && definition.name ? [definition.name.value] : [],
    ),
  );
  expect([...ownOperations]).toEqual([...new Set(sent)].sort());
});
