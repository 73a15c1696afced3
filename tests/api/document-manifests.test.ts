import { describe, expect, test } from '@jest/globals';
import { loadTrustedDocuments } from '../../src/api/load-trusted-documents.js';
import type { TrustedDocuments } from '../../src/api/trusted-documents.js';
import { UntrustedDocuments } from '../../src/api/untrusted-documents.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import { apolloManifest, hashOf, manifestFile } from '../support/manifests.js';

const viewer = '{ viewer { id } }';

const load = (files: readonly string[], more: Record<string, string> = {}) =>
  loadTrustedDocuments(loadConfig({ TRUSTED_DOCUMENTS: files.join(','), ...more }));
async function loaded(...contents: readonly unknown[]): Promise<TrustedDocuments> {
  const documents = await load(await Promise.all(contents.map(manifestFile)));
  if (!documents) throw new Error('nothing was loaded');
  return documents;
}
async function faultsOf(files: readonly string[], more?: Record<string, string>): Promise<readonly string[]> {
  const error = await load(files, more).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const [head = '', ...faults] = String((error as Error).message).split('\n  ');
  expect(head).toMatch(/^TRUSTED_DOCUMENTS: the manifests have \d+ faults?:$/);
  return faults;
}
const faultsIn = async (...contents: readonly unknown[]) =>
  (await faultsOf(await Promise.all(contents.map(manifestFile)))).map((fault) => fault.replace(/^.*\.json: /, ''));

test('manifests of all three forms are one', async () => {
  const relay = { '0123abcd': 'query A { viewer { id } }' };
  const apollo = apolloManifest(['query B { viewer { id } }']);
  const documents = await loaded(relay, apollo, { c: 'query C { viewer { id } }' }, {});
  expect(documents.withId('0123abcd')).toBe(relay['0123abcd']);
  expect(documents.withId(hashOf('query B { viewer { id } }'))).toBe('query B { viewer { id } }');
  expect(documents.equalTo('query C{viewer{id}}')).toBe('query C { viewer { id } }');
  expect(documents.equalTo('query D{viewer{id}}')).toBeUndefined();
});

test('an empty manifest trusts the own documents alone', async () => {
  expect((await loaded({})).equalTo(viewer)).toBeUndefined();
  expect((await loaded('\ufeff{}')).withId('')).toBeUndefined();
});

test('what differs in strings, names or their order is another document', async () => {
  const text = 'query Q { passwordStrength(password: "a  b, # c") { score } viewer { id } }';
  const documents = await loaded({ q: text });
  expect(documents.equalTo(`#\ufeff x\n${text.replace('{ score }', '{,score,}')}`)).toBe(text);
  for (const other of [
    text.replace('a  b', 'a b'),
    text.replace('"a  b, # c"', '"""a  b, # c"""'),
    text.replace('# c', ''),
    text.replace('viewer { id }', 'viewer { i d }'),
    text.replace('Q', 'R'),
    text.slice(0, -1),
    `${text}}`,
    '',
    ' ',
  ])
    expect([other, documents.equalTo(other)]).toEqual([other, undefined]);
});

describe('a start is refused', () => {
  test('with every document at fault, by its id and the reason', async () => {
    const faults = await faultsIn(
      {
        good: viewer,
        unparsable: '{ viewer {',
        invalid: 'query ($a: Int) { viewers { id } }',
        fragment: 'fragment F on User { id }',
        schema: 'type Query { a: Int }',
        empty: '',
        deep: `{ viewer ${'{ roles { users { nodes '.repeat(5)} { id } ${'} } }'.repeat(5)} }`,
        long: `{ ${'__typename '.repeat(2000)} }`,
      },
      apolloManifest(['{ nothing }']),
    );
    const ids = faults.map((fault) => fault.split(':')[0]);
    expect(ids).toEqual([
      'unparsable',
      'invalid',
      'fragment',
      'schema',
      'empty',
      'deep',
      'long',
      hashOf('{ nothing }'),
    ]);
    for (const fault of faults) expect(fault).toMatch(/^\S+: .{10}/);
  });

  test('with introspection, where introspection is off', async () => {
    const file = await manifestFile({ schema: '{ __schema { types { name } } }' });
    expect(await load([file])).toBeDefined();
    expect(await faultsOf([file], { INTROSPECTION: 'false' })).toHaveLength(1);
  });

  test('with one id for two texts, in one manifest or two', async () => {
    expect(await faultsIn({ a: viewer }, { a: `${viewer} ` })).toEqual(['a is the id of two documents']);
    const twice = apolloManifest([viewer, '{ __typename }']);
    const operations = twice.operations.map((operation) => ({ ...operation, id: 'same' }));
    expect(await faultsIn({ ...twice, operations })).toEqual(['same is the id of two documents']);
    expect(await loaded({ a: viewer }, { a: viewer, b: viewer })).toBeDefined();
  });

  test('with the hash of one document as the id of another', async () => {
    const faults = await faultsIn({ a: viewer, [hashOf(viewer)]: '{ __typename }' });
    expect(faults).toEqual([`a: its SHA-256 ${hashOf(viewer)} is the id of another document`]);
  });

  test('with a hash that is not that of its document', async () => {
    const id = `sha256:${hashOf(viewer)}`;
    expect(await loaded({ [id]: viewer })).toBeDefined();
    expect(await faultsIn({ [id]: `${viewer} ` })).toEqual([`${id} is not the hash of its document`]);
  });

  test.each([
    ['no JSON', '{"a": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"{ viewer { id } }"'],
    ['a number for a text', { a: 1 }],
    ['an object for a text', { a: { b: viewer } }],
    ['an id with spaces', { 'a b': viewer }],
    ['an empty id', { '': viewer }],
    ['a very long id', { ['a'.repeat(201)]: viewer }],
    ['a manifest of Apollo of another version', { ...apolloManifest([viewer]), version: 2 }],
    ['another format', { ...apolloManifest([viewer]), format: 'other' }],
    ['operations without a body', { ...apolloManifest([]), operations: [{ id: 'a' }] }],
    ['no operations', { format: 'apollo-persisted-query-manifest', version: 1 }],
  ])('with %s', async (_what, content) => {
    expect(await faultsIn(content)).toHaveLength(1);
  });

  test('with files that are not there, are none, or are too large, all at once', async () => {
    const large = await manifestFile(' '.repeat(33 * 1024 ** 2));
    const faults = await faultsOf(['/nowhere/at-all.json', '/', large]);
    expect(faults).toEqual([
      '/nowhere/at-all.json: cannot be read (ENOENT)',
      '/: is not a file',
      `${large}: holds more than 32 MiB`,
    ]);
  });

  test('with many faults, of which the first are told', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`d${n}`, '{ nothing }']));
    const faults = await faultsIn(many);
    expect(faults).toHaveLength(51);
    expect(faults[50]).toBe('and 450 more');
  });

  test.each([
    [{ TRUSTED_DOCUMENTS_MODE: 'log' }, 'TRUSTED_DOCUMENTS_MODE'],
    [{ TRUSTED_DOCUMENTS: 'a.json', TRUSTED_DOCUMENTS_MODE: 'on' }, 'TRUSTED_DOCUMENTS_MODE'],
    [{ TRUSTED_DOCUMENTS: ' , ' }, 'TRUSTED_DOCUMENTS'],
    [{ TRUSTED_DOCUMENTS: 'a.json', PLAYGROUND: 'on' }, 'PLAYGROUND'],
  ])('by %j', (env, name) => {
    expect(() => loadConfig(env as Record<string, string>)).toThrow(new RegExp(`^${name}: `));
  });
});

test('2,000 documents are read while other work has its turn', async () => {
  const texts = Array.from({ length: 2000 }, (_, n) => `query Q${n} { viewer { id a${n}: username roles { name } } }`);
  let turns = 0;
  const turn = setInterval(() => {
    turns += 1;
  }, 1);
  const documents = await loaded(apolloManifest(texts));
  clearInterval(turn);
  expect(turns).toBeGreaterThan(5);
  for (const text of [texts[0] ?? '', texts[1999] ?? '']) {
    expect(documents.withId(hashOf(text))).toBe(text);
    expect(documents.equalTo(text.replaceAll(' ', '\n'))).toBe(text);
  }
});

test('what is not trusted is logged up to a bound, and counted beyond it', () => {
  const lines: unknown[][] = [];
  const log = { warn: (...line: unknown[]) => lines.push(line) };
  const noted = new UntrustedDocuments('log', log as never);
  const tallies = { untrusted: 0 };
  const context = { client: { address: '192.0.2.7', requestId: 'r' }, services: { tallies } };
  for (let n = 0; n < 3000; n += 1) noted.note(context as never, `query Q${n} { __typename }`);
  expect([tallies.untrusted, lines.length]).toEqual([3000, 1001]);
  expect(lines[1000]).toHaveLength(1);
});
