import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('docs/clients.md names the versions that the tests run with, and tests that are there', async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const installed: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
  const page = await readFile('docs/clients.md', 'utf8');
  const rows = [...page.matchAll(/^\| [^|(]+\(([^|)]+)\) \| (\S+) \|.*\]\((\S+)\) \|$/gm)];
  expect(rows.length).toBeGreaterThan(0);
  for (const [, names = '', version, path = ''] of rows) {
    const versions = names.split(', ').map((name) => installed[name.replaceAll('`', '')]);
    expect([names, ...versions]).toEqual([names, ...versions.map(() => version)]);
    expect([path, existsSync(join('docs', path))]).toEqual([path, true]);
  }
});
