import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = 'dist/service';
/** Parts that a part requires when it is loaded; others it requires within functions. */
const required = /^(?:const \w+ = )?require\("\.\/([\w.-]+\.cjs)"\);$/gm;
const textOf = (part: string): string => readFileSync(join(folder, part), 'utf8');

/** The parts of the bundle that are loaded with one. */
function loadedWith(part: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(part)) return loaded;
  loaded.add(part);
  for (const [, other = ''] of textOf(part).matchAll(required)) loadedWith(other, loaded);
  return loaded;
}

test('without REDIS_URL the client of Redis is not loaded', () => {
  const parts = readdirSync(folder).filter((file) => file.endsWith('.cjs'));
  const withClient = parts.filter((part) => textOf(part).includes('RedisClusterSlots'));
  expect(withClient).not.toEqual([]);
  const programs = parts.filter((part) => /^(main|app|cli|embedding)-/.test(part));
  expect(programs.length).toBeGreaterThanOrEqual(4);
  const loaded = new Set(programs.flatMap((program) => [...loadedWith(program)]));
  expect(loaded.size).toBeGreaterThan(20);
  expect(withClient.filter((part) => loaded.has(part))).toEqual([]);
});
