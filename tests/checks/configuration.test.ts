import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { variablesOf } from '../../checks/documented-variables.js';
import { loadConfig } from '../../src/config.js';
import { variables } from '../../src/environment/environment.js';

test('.env.example sets every variable to its default once the # are removed', async () => {
  const example = await readFile('.env.example', 'utf8');
  const set = parseEnv(example.replaceAll(/^#(?=[A-Z])/gm, ''));
  expect(Object.keys(set).sort()).toEqual([...variables].sort());
  expect(loadConfig(set)).toEqual(loadConfig({}));
});

test('.env.example as it is sets nothing', async () => {
  expect(parseEnv(await readFile('.env.example', 'utf8'))).toEqual({});
});

test('meaning, type and default of a variable come from its comment and its schema', async () => {
  const [service, lifetimes] = [await variablesOf('service'), await variablesOf('lifetimes')];
  const find = (name: string) => [...service, ...lifetimes].find((variable) => variable.name === name);
  expect(find('PORT')).toMatchObject({ type: 'number from 0 to 65535', value: '4000', otherwise: undefined });
  expect(find('NODE_ENV')).toMatchObject({ type: '`production`, `development`, `test`', value: 'development' });
  expect(find('ACCESS_TOKEN_LIFETIME')).toMatchObject({ type: 'duration, at most `1d`', value: '1h' });
  expect(find('PUBLIC_URL')).toMatchObject({ value: undefined, otherwise: '`http://localhost:PORT`' });
  for (const { meaning } of service) expect(meaning).toMatch(/^[A-Z`].*\.$/);
});
