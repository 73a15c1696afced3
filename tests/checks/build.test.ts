import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'gatehouse-build-'));
  await mkdir(join(project, 'src'));
  await symlink(resolve('node_modules'), join(project, 'node_modules'));
  for (const name of ['build.mjs', 'build-files.mjs']) await copyFile(name, join(project, name));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { rootDir: '.', module: 'NodeNext', types: [], strict: true };
  await writeFile(join(project, 'tsconfig.build.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  await write('one', "export const one = '1';");
  await write('other', "import { one } from './one.js';\nexport const other = one;");
});
afterAll(() => rm(project, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(project, 'src', `${name}.ts`), text);
const built = (name: string) => join(project, 'dist', 'src', `${name}.js`);
const build = () => promisify(execFile)(process.execPath, ['build.mjs'], { cwd: project });

test('every build makes dist whole, whatever has happened to it since the last one', async () => {
  await build();
  await rm(built('one'));
  await writeFile(built('other'), 'broken');
  await build();
  expect(await readFile(built('one'), 'utf8')).toContain("one = '1'");
  expect(await readFile(built('other'), 'utf8')).toContain('other = one');
});

test('an error of types fails this build and the next, and the mended one passes', async () => {
  await write('one', 'export const one: number = "1";');
  for (let n = 0; n < 2; n += 1)
    await expect(build()).rejects.toMatchObject({ stdout: expect.stringContaining('TS2322') });
  await write('one', "export const one = '2';");
  await build();
  expect(await readFile(built('one'), 'utf8')).toContain("one = '2'");
});

test('nothing is compiled when nothing has changed, and everything that has changed is', async () => {
  const knowledge = join(project, 'dist', '.tsconfig.build.json.tsbuildinfo');
  const lastCompiled = async () => (await stat(knowledge)).mtimeMs;
  await build();
  const before = await lastCompiled();
  await build();
  expect(await lastCompiled()).toBe(before);
  await write('third', "export const third = '3';");
  await build();
  expect(await readFile(built('third'), 'utf8')).toContain("third = '3'");
  await rm(join(project, 'src', 'third.ts'));
  const withThird = await lastCompiled();
  await build();
  expect(await lastCompiled()).toBeGreaterThan(withThird);
});
