import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = 'dist/service';
const imported = /^(?:import|export)\s*(?:[^'"`;]*?\sfrom\s*)?["']\.\/([\w.-]+\.js)["'];?$/gm;

/** The files of the bundle that a program loads before it does anything. */
function loadedBy(program: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(program)) return loaded;
  loaded.add(program);
  const text = readFileSync(join(folder, program), 'utf8');
  for (const [, file = ''] of text.matchAll(imported)) loadedBy(file, loaded);
  return loaded;
}

test('without REDIS_URL the client of Redis is not loaded', () => {
  const withClient = (file: string) => readFileSync(join(folder, file), 'utf8').includes('RedisClusterSlots');
  const files = [...loadedBy('main.js')];
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter(withClient)).toEqual([]);
});
