import type { Count } from './audit.js';
import { exhaustedPool } from './exhausted-pool.js';
import { Ground } from './ground.js';
import { killedDatabase } from './killed-database.js';
import { killedService } from './killed-service.js';
import type { Scenario, Size } from './scenario.js';
import { sickMailServer } from './sick-mail-server.js';
import { stopped } from './stopping.js';
import { threeProcesses } from './three-processes.js';

const sizes: Readonly<Record<string, Size>> = {
  whole: { kills: 20, writers: 32, resets: 200 },
  small: { kills: 4, writers: 8, resets: 30 },
};

const all: Readonly<Record<string, Scenario>> = {
  killedService,
  killedDatabase,
  threeProcesses,
  stopped,
  exhaustedPool,
  sickMailServer,
};

/**
 * Makes the service fail from outside and counts what was lost. `npm run faults -- small stopped` runs less, and one
 * scenario alone. Ends with exit code 1 when a count is wrong.
 */
async function main(names: readonly string[]): Promise<void> {
  const size = sizes[names.find((name) => name in sizes) ?? 'whole'] as Size;
  const chosen = Object.entries(all).filter(([name]) => names.includes(name));
  const counts: Count[] = [];
  for (const [name, scenario] of chosen.length > 0 ? chosen : Object.entries(all))
    counts.push(...(await performed(name, scenario, size)));
  const wrong = counts.filter(isWrong).length;
  console.log(`${counts.filter(({ atMost }) => atMost !== undefined).length - wrong} passed, ${wrong} failed`);
  process.exit(wrong === 0 ? 0 : 1);
}

const isWrong = ({ value, atMost }: Count): boolean => atMost !== undefined && (value > atMost || value < 0);

async function performed(name: string, scenario: Scenario, size: Size): Promise<Count[]> {
  const ground = await Ground.prepare();
  try {
    const counts = await scenario(ground, size);
    console.log(counts[0]?.scenario ?? name);
    for (const count of counts) console.log(`  ${isWrong(count) ? 'WRONG' : 'ok   '} ${count.what}: ${count.value}`);
    return counts;
  } finally {
    await ground.close();
  }
}

await main(process.argv.slice(2));
