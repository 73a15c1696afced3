import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

test('the newest version of the changelog is that of the package', async () => {
  const changelog = await readFile('CHANGELOG.md', 'utf8');
  const released = [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/gm)].map(
    ([, version]) => version,
  );
  for (const file of ['package.json', 'package-lock.json'])
    expect([file, JSON.parse(await readFile(file, 'utf8')).version]).toEqual([file, released[0]]);
});
