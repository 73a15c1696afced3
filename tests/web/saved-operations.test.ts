import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { savedGroups, welcome } from '../../web/playground/saved/saved-groups.js';
import { textOf } from '../../web/playground/saved/saved-operation.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const known = { me: 'ddb18a4c-ac0f-4d4d-9a5a-8f3ce6ba2c4c', daysFromNow: () => '2026-11-27T08:00:00.000Z' };
const operations = [welcome, ...savedGroups.flatMap((group) => group.operations)];

const operationOf = (text: string) =>
  parse(text).definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION);

test.each(operations.map((operation) => [operation.title, operation] as const))(
  '%s is valid, and so are its variables',
  (_title, operation) => {
    const text = textOf(operation);
    expect(validate(schema, parse(text))).toEqual([]);
    const [definition, ...others] = operationOf(text);
    expect(others).toEqual([]);
    const variables = operation.variables?.(known) ?? {};
    const { errors = [] } = getVariableValues(schema, definition?.variableDefinitions ?? [], { ...variables });
    expect(errors).toEqual([]);
    const declared = definition?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    expect(Object.keys(variables).filter((name) => !declared.includes(name))).toEqual([]);
  },
);

test('each says in one line what it shows, and its tab has a name of its own', () => {
  for (const { shows } of operations) expect(shows).toMatch(/^\S[^\n]*\S$/);
  const names = operations.map((operation) => operationOf(textOf(operation))[0]?.name?.value);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});
