import { Closing } from '../src/closing.js';
import { type Cores, chooseCores, moveTo } from './cores.js';
import { decisions } from './decisions.js';
import { login, viewerDuringLogins } from './logins.js';
import { memory } from './memory.js';
import { type Plan, planFrom } from './plan.js';
import { refresh } from './refreshes.js';
import { costTable, describeMachine, type Result, table } from './report.js';
import { type Stage, setStage } from './stage.js';
import { users, viewer } from './throughput.js';

type Scenario = (stage: Stage, plan: Plan) => Promise<Result>;

/** In this order: memory is asked for after all the rest. */
const scenarios: Readonly<Record<string, Scenario>> = {
  viewer,
  users,
  login,
  refresh,
  viewerDuringLogins,
  decisions,
  memory,
};

/** Measures and reports; it does not judge, so a missed target is no failure. */
async function main(): Promise<void> {
  const plan = planFrom(process.argv.slice(2));
  const cores = chooseCores();
  console.log(describeMachine(cores));
  if (cores) moveTo(cores.load);
  const stage = await start(cores);
  const results: Result[] = [];
  for (const [name, scenario] of Object.entries(scenarios))
    if (plan.only === undefined || plan.only === name) results.push(await run(scenario, stage, plan));
  console.log(`\nMedians of ${plan.rounds} interleaved rounds of ${plan.seconds} s\n\n${table(results)}`);
}

function start(cores: Cores | undefined): Promise<Stage> {
  const stage = setStage(cores, closing);
  starting = stage;
  return stage;
}

/** What is just being started could not be stopped yet. Without its processes the rest of the benchmark fails, and so ends. */
function interrupt(): void {
  interrupted = true;
  void starting.finally(() => closing.close()).catch(() => undefined);
}

/** With a profile when one is asked for; its ratios are those of a service that is being watched. */
async function run(scenario: Scenario, stage: Stage, plan: Plan): Promise<Result> {
  if (!plan.profile) return scenario(stage, plan);
  await stage.service.child.ask('startProfile');
  const result = await scenario(stage, plan);
  console.log(`\n${costTable(result.scenario, await stage.service.child.ask('stopProfile'))}`);
  return result;
}

const closing = new Closing();
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
