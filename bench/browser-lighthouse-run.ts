import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The last version that runs on Node 20. Fetched when it is needed: tens of megabytes that nothing else uses. */
const version = '12.8.2';

/** Scores are 0 to 100. */
export interface Report {
  readonly endedAt: string;
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  /** The values that performance is computed from. */
  readonly metrics: readonly string[];
  /** Names of the audits that accessibility and best practices are lowered by. */
  readonly failed: readonly string[];
}

/** @returns why Lighthouse cannot be run; undefined when it can */
export async function lighthouseProblem(folder: string): Promise<string | undefined> {
  const { code, output } = await runLighthouse(['--version'], folder);
  return code === 0
    ? undefined
    : `lighthouse@${version} cannot be had: ${output.trim().split('\n').slice(0, 2).join(' ')}`;
}

/** Scores are 0 to 100. */
export type Accessibility = Omit<Report, 'performance' | 'metrics'>;

/**
 * Measures what does not depend on the speed of the machine, which takes less time.
 * @param isWide as on a desktop; otherwise as a mobile phone
 * @throws when the page cannot be loaded
 */
export async function accessibilityOf(
  url: string,
  port: number,
  folder: string,
  isWide: boolean,
): Promise<Accessibility> {
  const more = isWide ? ['--preset=desktop'] : [];
  const json = await reported(url, port, folder, ['accessibility', 'best-practices'], more);
  return scoresOf(parsed.omit({ categories: true }).extend({ categories: scored }).parse(json));
}

/**
 * Measures a page in the Chromium that listens on the port, as a mobile phone on a slow network, which is Lighthouse's
 * default. Cookies and storage stay as they are.
 * @throws when the page cannot be loaded
 */
export async function lighthouse(url: string, port: number, folder: string): Promise<Report> {
  return reportFrom(parsed.parse(await reported(url, port, folder, categories)));
}

async function reported(
  url: string,
  port: number,
  folder: string,
  only: readonly string[],
  more: readonly string[] = [],
): Promise<unknown> {
  const path = join(folder, 'report.json');
  const options = ['--quiet', '--disable-storage-reset', '--output=json', `--only-categories=${only.join()}`, ...more];
  const { code, output } = await runLighthouse([url, `--port=${port}`, `--output-path=${path}`, ...options], folder);
  if (code !== 0) throw new Error(`Lighthouse failed on ${url}:\n${output}`);
  return JSON.parse(await readFile(path, 'utf8'));
}

async function runLighthouse(args: readonly string[], folder: string): Promise<{ code: unknown; output: string }> {
  const command = ['exec', '--yes', `--package=lighthouse@${version}`, '--', 'lighthouse', ...args];
  const child = spawn('npm', command, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

const categories = ['performance', 'accessibility', 'best-practices'] as const;
const metrics = {
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  SI: 'speed-index',
  TBT: 'total-blocking-time',
  CLS: 'cumulative-layout-shift',
};

const category = z.object({
  score: z.number(),
  auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })),
});
const scored = z.object({ accessibility: category, 'best-practices': category });
const parsed = z.object({
  finalDisplayedUrl: z.string(),
  categories: scored.extend({ performance: category }),
  audits: z.record(z.string(), z.object({ score: z.number().nullable(), displayValue: z.string().optional() })),
});

interface Scored extends Omit<z.infer<typeof parsed>, 'categories'> {
  readonly categories: z.infer<typeof scored>;
}

function scoresOf({ finalDisplayedUrl, categories, audits }: Scored): Accessibility {
  const { accessibility, 'best-practices': bestPractices } = categories;
  const isFailed = ({ id, weight }: { id: string; weight: number }) => weight > 0 && (audits[id]?.score ?? 1) < 1;
  const failed = [...accessibility.auditRefs, ...bestPractices.auditRefs].filter(isFailed).map(({ id }) => id);
  return {
    endedAt: finalDisplayedUrl,
    accessibility: Math.round(accessibility.score * 100),
    bestPractices: Math.round(bestPractices.score * 100),
    failed,
  };
}

const reportFrom = (report: z.infer<typeof parsed>): Report => ({
  ...scoresOf(report),
  performance: Math.round(report.categories.performance.score * 100),
  metrics: Object.entries(metrics).map(
    ([name, id]) => `${name} ${report.audits[id]?.displayValue?.replaceAll('\u00a0', ' ')}`,
  ),
});
