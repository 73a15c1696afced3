import { chromiumPath } from '../tests/support/chromium.js';
import { type Budget, verdictOf } from './browser-budget.js';
import { lighthouse, lighthouseProblem, type Report } from './browser-lighthouse-run.js';
import { openProfile } from './browser-profile.js';
import { npmStart } from './browser-service.js';
import type { Site } from './browser-site.js';
import { interleaved, medianOf } from './statistics.js';

/** Runs per page: the median counts for performance, the worst for the others. */
const runs = 3;
const least = { performance: 95, others: 100 };
const bound = `≥ ${least.performance} / ${least.others} / ${least.others}`;

interface Visit {
  readonly path: string;
  /** Path at which the page must have ended, so that no other one is measured. */
  readonly endsAt: string;
  readonly isSignedIn: boolean;
}

const visits: Readonly<Record<string, Visit>> = {
  '/login, signed out': { path: '/login', endsAt: '/login', isSignedIn: false },
  '/account, signed out': { path: '/account', endsAt: '/login', isSignedIn: false },
  '/account, signed in': { path: '/account', endsAt: '/account', isSignedIn: true },
};

/** What Lighthouse says of the pages, each run in a browser with an empty profile. */
export async function browserLighthouse(site: Site): Promise<Budget[]> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) return notMeasured('there is no Chromium; name its path in CHROMIUM');
  const problem = await lighthouseProblem(await site.newFolder());
  if (problem !== undefined) return notMeasured(problem);
  const { url, stop } = await npmStart(site.folder, await site.newFolder(), site.closing);
  const work: Record<string, () => Promise<Report>> = {};
  for (const [name, visit] of Object.entries(visits)) work[name] = () => run(site, url, executablePath, visit);
  const reports = await interleaved(runs, work);
  await stop();
  return Object.entries(reports).map(([name, all]) => rowOf(name, all));
}

/** Tries once more after a failure: on a busy machine Chromium loses the beginning of a trace now and then. */
async function run(site: Site, url: string, executablePath: string, visit: Visit): Promise<Report> {
  const attempt = () => runOnce(site, url, executablePath, visit);
  const report = await attempt().catch(attempt);
  const { pathname } = new URL(report.endedAt);
  if (pathname !== visit.endsAt) throw new Error(`Lighthouse on ${visit.path} ended at ${pathname}`);
  return report;
}

async function runOnce(site: Site, url: string, executablePath: string, visit: Visit): Promise<Report> {
  const profile = await openProfile(site, { executablePath, signInAt: visit.isSignedIn ? url : undefined });
  try {
    return await lighthouse(url + visit.path, profile.port, await site.newFolder());
  } finally {
    await profile.close();
  }
}

function rowOf(name: string, reports: readonly Report[]): Budget {
  const performance = medianOf(reports, (one) => one.performance);
  const worst = (of: 'accessibility' | 'bestPractices') => Math.min(...reports.map((one) => one[of]));
  const [accessibility, bestPractices] = [worst('accessibility'), worst('bestPractices')];
  return {
    what: `Lighthouse ${name}`,
    measured: `${performance} / ${accessibility} / ${bestPractices}`,
    bound,
    verdict: verdictOf(performance >= least.performance && Math.min(accessibility, bestPractices) >= least.others),
    notes: reports.map((one) => `performance ${one.performance}: ${[...one.metrics, ...one.failed].join(', ')}`),
  };
}

const notMeasured = (reason: string): Budget[] => [
  { what: 'Lighthouse', measured: '', bound, verdict: 'not measured', notes: [reason] },
];
