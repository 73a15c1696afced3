import { chromiumPath } from '../tests/support/chromium.js';
import { Client } from '../tests/support/client.js';
import { administratorOf, type DemoPerson } from '../tests/support/demo-people.js';
import { type Budget, verdictOf } from './browser-budget.js';
import { type Accessibility, accessibilityOf, lighthouseProblem } from './browser-lighthouse-run.js';
import { openProfile } from './browser-profile.js';
import { startedBy } from './browser-service.js';
import type { Site } from './browser-site.js';

const bound = '100 / 100';

/** Each theme in one width: what a theme changes are colours, and what a width changes is the layout. */
const looks = [
  { theme: 'light', isWide: true },
  { theme: 'dark', isWide: false },
] as const;

/** What Lighthouse says about the accessibility of each screen of the console, which shows the demo to an administrator. */
export async function consoleLighthouse(site: Site): Promise<Budget[]> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) return notMeasured('there is no Chromium; name its path in CHROMIUM');
  const problem = await lighthouseProblem(await site.newFolder());
  if (problem !== undefined) return notMeasured(problem);
  const { url, stop } = await startedBy(
    ['npm', 'start', '--', '--demo'],
    site.folder,
    await site.newFolder(),
    site.closing,
  );
  const account = await administratorOf(url);
  const screens = await screensOf(url, account);
  const found = new Map<string, Accessibility[]>(Object.keys(screens).map((name) => [name, []]));
  for (const { theme, isWide } of looks) {
    const profile = await openProfile(site, { executablePath, signInAt: url, account, theme });
    for (const [name, path] of Object.entries(screens)) {
      const attempt = async () => accessibilityOf(url + path, profile.port, await site.newFolder(), isWide);
      // On a busy machine Chromium loses the beginning of a trace now and then.
      const report = await attempt().catch(attempt);
      if (!report.endedAt.startsWith(url + path.split('?')[0]))
        throw new Error(`Lighthouse ended at ${report.endedAt}`);
      found.get(name)?.push(report);
    }
    await profile.close();
  }
  await stop();
  return [...found].map(([name, reports]) => rowOf(name, reports));
}

async function screensOf(url: string, { username, password }: DemoPerson): Promise<Record<string, string>> {
  const client = new Client(url);
  await client.login(username, password);
  const { data } = await client.ask('{ users(search: "maya", first: 1) { nodes { id } } roles { id isSystem } }');
  const person = String(data['users']?.['nodes']?.[0]?.['id'] ?? client.userId);
  const roles = data['roles'] as unknown as readonly { id: string; isSystem: boolean }[];
  const role = roles.find(({ isSystem }) => !isSystem)?.id;
  const question = (more: Record<string, string>) =>
    `/console/why?${new URLSearchParams({ action: 'update', resource: 'post', attributes: '{"category":"sports"}', ...more })}`;
  return {
    Now: '/console',
    Live: '/console/live',
    People: '/console/people',
    'a person': `/console/people/${person}`,
    Roles: '/console/roles',
    'a role': `/console/roles/${role}`,
    Map: '/console/roles/map',
    Why: question({ person }),
    'who may': question({ view: 'who' }),
    Sessions: '/console/sessions',
    'API tokens': '/console/tokens',
    Keys: '/console/keys',
    'Mail and jobs': '/console/work',
    Audit: '/console/audit',
    Settings: '/console/settings',
  };
}

function rowOf(name: string, reports: readonly Accessibility[]): Budget {
  const worst = (of: 'accessibility' | 'bestPractices') => Math.min(...reports.map((one) => one[of]));
  const [accessibility, bestPractices] = [worst('accessibility'), worst('bestPractices')];
  return {
    what: `Lighthouse console, ${name}`,
    measured: `${accessibility} / ${bestPractices}`,
    bound,
    verdict: verdictOf(Math.min(accessibility, bestPractices) >= 100),
    notes: reports.flatMap(({ failed }) => failed),
  };
}

const notMeasured = (reason: string): Budget[] => [
  { what: 'Lighthouse console', measured: '', bound, verdict: 'not measured', notes: [reason] },
];
