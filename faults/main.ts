import { type Count, type Findings, isWrong, none } from './count.js';
import { exhaustedPool } from './exhausted-pool.js';
import { fullDisk } from './full-disk.js';
import { Ground } from './ground.js';
import { killedDatabase } from './killed-database.js';
import { killedService } from './killed-service.js';
import { lostRedis } from './lost-redis.js';
import { whyNoRedis } from './redis-server.js';
import type { Scenario, Size } from './scenario.js';
import { sickMailServer } from './sick-mail-server.js';
import { stopped } from './stopping.js';
import { Template } from './template.js';
import { threeProcesses } from './three-processes.js';
import { whyNoVolume } from './volume.js';

const sizes: Readonly<Record<string, Size>> = {
  whole: {
    kills: 20,
    killsOfThree: 30,
    cuts: 1000,
    cutPause: 200,
    writers: 32,
    pause: 0,
    resets: 200,
    redisRounds: 5,
    redisOutage: 3000,
    together: 1,
    endsClaims: false,
    slowness: 1,
  },
  // Runs in CI beside other work, on a machine that is busy for seconds at a time: limits of time are wider there.
  small: {
    kills: 2,
    killsOfThree: 3,
    cuts: 60,
    cutPause: 600,
    writers: 8,
    pause: 50,
    resets: 30,
    redisRounds: 1,
    redisOutage: 1000,
    together: 3,
    endsClaims: true,
    slowness: 4,
  },
};

/** Those that take or wait longest come first. */
const all: Readonly<Record<string, Scenario>> = {
  threeProcesses,
  lostRedis,
  sickMailServer,
  exhaustedPool,
  killedService,
  fullDisk,
  stopped,
  killedDatabase,
};

/**
 * Makes the service fail from outside and counts what was lost. `npm run faults -- small stopped` runs less, and one
 * scenario alone. Ends with exit code 1 when a count is wrong.
 */
async function main(names: readonly string[]): Promise<void> {
  const size = sizes[names.find((name) => name in sizes) ?? 'whole'] as Size;
  const chosen = Object.entries(all).filter(([name]) => names.includes(name));
  const counts: Count[] = [];
  const waiting = await possible(chosen.length > 0 ? chosen : Object.entries(all));
  const template = await Template.make();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      counts.push(...(await performed(template, next, size)));
  };
  await Promise.all(Array.from({ length: size.together }, work)).finally(() => template.remove());
  const wrong = counts.filter(isWrong).length;
  console.log(`${counts.filter(({ atMost }) => atMost !== undefined).length - wrong} passed, ${wrong} failed`);
  process.exit(wrong === 0 ? 0 : 1);
}

type Named = readonly [string, Scenario];

/** Leaves out what this account or system cannot do, and says so. */
async function possible(scenarios: readonly Named[]): Promise<Named[]> {
  const obstacles = new Map([
    [fullDisk, await whyNoVolume()],
    [lostRedis, whyNoRedis()],
  ]);
  for (const [name, scenario] of scenarios)
    if (obstacles.get(scenario)) console.log(`SKIPPED ${name}: ${obstacles.get(scenario)}`);
  return scenarios.filter(([, scenario]) => !obstacles.get(scenario));
}

async function performed(template: Template, [name, scenario]: Named, size: Size): Promise<readonly Count[]> {
  const ground = await Ground.prepare(template);
  const at = performance.now();
  try {
    const findings = await scenario(ground, size).catch((error: unknown) => brokenOff(name, error));
    tell(findings, performance.now() - at);
    return findings.counts;
  } finally {
    await ground.close();
  }
}

const brokenOff = (title: string, error: unknown): Findings => ({
  title,
  counts: [none(`broken off: ${error instanceof Error ? error.stack : String(error)}`, 1)],
});

/** In one piece: other scenarios may run at the same time. @param time in milliseconds */
function tell({ title, counts }: Findings, time: number): void {
  const lines = counts.map((count) => `  ${isWrong(count) ? 'WRONG' : 'ok   '} ${count.what}: ${count.value}`);
  console.log([`${title} (${Math.round(time / 1000)} s)`, ...lines].join('\n'));
}

await main(process.argv.slice(2));
