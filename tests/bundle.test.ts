import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { ServiceProcess } from './support/service-process.js';

/** The service as `npm start` runs it: compiled and bundled by another program than the tests are. */
let service: ServiceProcess;
beforeAll(async () => {
  service = await ServiceProcess.start();
}, 60_000);
afterAll(() => service.stop());

test('the bundled service serves the schema that is checked in', async () => {
  const client = await service.administrator();
  const { data } = await client.ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
  const served = lexicographicSortSchema(buildClientSchema(data as never));
  const checkedIn = lexicographicSortSchema(buildSchema(await readFile('schema.graphql', 'utf8')));
  expect(printSchema(served)).toBe(printSchema(checkedIn));
});

test('estimates passwords in its worker, which is a program of its own', async () => {
  const client = await service.administrator();
  const { data } = await client.ask('{ passwordStrength(password: "password1") { score } }');
  expect(data).toEqual({ passwordStrength: { score: 0 } });
});
