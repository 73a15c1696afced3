import { Closing } from '../src/closing.js';
import { type Budget, budgetTable } from './browser-budget.js';
import { browserLighthouse } from './browser-lighthouse.js';
import { packedStart } from './browser-packed.js';
import { browserScripts, consoleScripts } from './browser-scripts.js';
import { copySite, type Site } from './browser-site.js';
import { browserStart } from './browser-start.js';
import { can } from './can.js';
import { compressedUsers } from './compressed.js';
import { consoleKeystrokes } from './console-keystrokes.js';
import { consoleLighthouse } from './console-lighthouse.js';
import { consoleLive } from './console-live.js';
import { consoleScreens } from './console-screens.js';
import { type Cores, chooseCores, moveTo } from './cores.js';
import { decisions } from './decisions.js';
import { delivery } from './delivery.js';
import { seedPeopleAndEvents } from './events-seed.js';
import { fanOut } from './fan-out.js';
import { growth } from './growth.js';
import { idleStreams } from './idle-streams.js';
import { login } from './logins.js';
import { memory } from './memory.js';
import { seedMillion } from './million-seed.js';
import { observedUsers, observedViewer } from './observed.js';
import { overview } from './overview.js';
import { pages } from './pages.js';
import { importPeople } from './people-import.js';
import { permissions } from './permissions.js';
import { type Plan, planFrom } from './plan.js';
import { quietViewer } from './quiet-viewer.js';
import { viewerDuringLogins } from './reads-during-logins.js';
import { limitedMutation, limitedMutations, viewerWithRedis } from './redis-limits.js';
import { hasRedis } from './redis-server.js';
import { refresh } from './refreshes.js';
import { costTable, describeMachine, type Result, table } from './report.js';
import { scaleOut } from './scale-out.js';
import { search } from './searches.js';
import { seed } from './seed.js';
import { sessionGrowth } from './session-growth.js';
import { simulation } from './simulation/report.js';
import { type Fill, type Stage, setStage } from './stage.js';
import { users, viewer, viewerOneField } from './throughput.js';
import { verify } from './verification.js';
import { writers, writers64 } from './writers.js';

type Scenario = (stage: Stage, plan: Plan) => Promise<Result>;

/** The scenarios that run on one seeded database. */
interface Part {
  readonly fill: Fill;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}

const parts: Readonly<Record<string, Part>> = {
  // The order matters: memory is measured after everything else.
  thousand: {
    fill: seed,
    scenarios: {
      viewer,
      viewerOneField,
      users,
      observedViewer,
      observedUsers,
      compressedUsers,
      login,
      refresh,
      viewerDuringLogins,
      decisions,
      can,
      memory,
    },
  },
  streams: { fill: seed, scenarios: { writers, writers64, verify, quietViewer, fanOut, delivery, idleStreams } },
  redis: { fill: seed, scenarios: hasRedis ? { viewerWithRedis, limitedMutation, limitedMutations } : {} },
  scale: { fill: seed, scenarios: scaleOut },
  import: { fill: seed, scenarios: { importPeople } },
  sessions: { fill: seed, scenarios: { sessionGrowth } },
  million: { fill: seedMillion, scenarios: { pages, search, permissions } },
  events: { fill: seedPeopleAndEvents, scenarios: { overview } },
};

type BrowserScenario = (site: Site) => Promise<Budget[]>;

/** Scenarios of the pages for browsers, by part. */
const browserParts: Readonly<Record<string, Readonly<Record<string, BrowserScenario>>>> = {
  browser: { browserStart, packedStart, browserScripts, browserLighthouse },
  console: { consoleScripts, consoleScreens, consoleKeystrokes, consoleLive, consoleLighthouse },
};

/** Parts that have a report of their own, and run only when they are named. */
const reports: Readonly<Record<string, (cores: Cores | undefined) => string | Promise<string>>> = {
  growth: (cores) =>
    growth(cores, () => {
      closing = new Closing();
      return closing;
    }),
  simulation,
};

/** Measures and reports. A missed target does not change the exit code. */
async function main(): Promise<void> {
  const plan = planFrom(process.argv.slice(2));
  const cores = chooseCores();
  console.log(describeMachine(cores));
  const report = reports[plan.part ?? ''];
  if (report) return console.log(`\n${await report(cores)}`);
  const { chosen, inBrowsers } = choose(plan);
  // Before this process moves to one core: the browser and the service it shows use all of them.
  if (inBrowsers.length > 0) console.log(`\n${budgetTable(await performInBrowsers(inBrowsers))}`);
  if (chosen.length === 0) return;
  if (cores) moveTo(cores.load);
  const results: Result[] = [];
  for (const part of chosen) results.push(...(await perform(part, cores, plan)));
  console.log(`\nMedians of ${plan.rounds} interleaved rounds of ${plan.seconds} s\n\n${table(results)}`);
}

/** @throws when no part or scenario has the given name */
function choose({ part, only }: Plan): { chosen: Part[]; inBrowsers: BrowserScenario[] } {
  const isWanted = ([name]: readonly [string, unknown]) => only === undefined || only === name;
  const chosen = Object.entries(parts)
    .filter(([name]) => part === undefined || part === name)
    .map(([, { fill, scenarios }]) => ({
      fill,
      scenarios: Object.fromEntries(Object.entries(scenarios).filter(isWanted)),
    }))
    .filter(({ scenarios }) => Object.keys(scenarios).length > 0);
  const inBrowsers = Object.entries(browserParts)
    .filter(([name]) => part === undefined || part === name)
    .flatMap(([, scenarios]) => Object.entries(scenarios))
    .filter(isWanted)
    .map(([, scenario]) => scenario);
  if (chosen.length + inBrowsers.length === 0)
    throw new Error(`There is no such part or scenario: ${part ?? ''} ${only ?? ''}`);
  return { chosen, inBrowsers };
}

async function performInBrowsers(scenarios: readonly BrowserScenario[]): Promise<Budget[]> {
  try {
    const site = await copySite(closing);
    const budgets: Budget[] = [];
    for (const scenario of scenarios) budgets.push(...(await scenario(site)));
    return budgets;
  } finally {
    await closing.close();
  }
}

/** Starts separate processes for each part, so that all parts start under the same conditions. */
async function perform({ fill, scenarios }: Part, cores: Cores | undefined, plan: Plan): Promise<Result[]> {
  if (interrupted) throw new Error('Interrupted');
  closing = new Closing();
  try {
    const stage = await start(cores, fill);
    const results: Result[] = [];
    for (const scenario of Object.values(scenarios)) results.push(await run(scenario, stage, plan));
    return results;
  } finally {
    await closing.close();
  }
}

function start(cores: Cores | undefined, fill: Fill): Promise<Stage> {
  const stage = setStage(cores, closing, fill);
  starting = stage;
  return stage;
}

/** Stops the processes once those being started have started; without them the rest of the benchmark fails and ends. */
function interrupt(): void {
  interrupted = true;
  void starting.finally(() => closing.close()).catch(() => undefined);
}

/** Runs a scenario, with a CPU profile if requested. Profiling slows the service down, so the ratios then differ. */
async function run(scenario: Scenario, stage: Stage, plan: Plan): Promise<Result> {
  if (!plan.profile) return scenario(stage, plan);
  await stage.service.child.ask('startProfile');
  const result = await scenario(stage, plan);
  console.log(`\n${costTable(result.scenario, await stage.service.child.ask('stopProfile'))}`);
  return result;
}

let closing = new Closing();
let starting: Promise<unknown> = Promise.resolve();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);

try {
  await main();
} catch (error) {
  if (!interrupted) console.error(error);
  process.exitCode = 1;
} finally {
  await closing.close();
}
