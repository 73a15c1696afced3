import { describe, expect, test } from '@jest/globals';
import { buildSchema, execute, type GraphQLError, parse, validate } from 'graphql';
import { compileQuery } from 'graphql-jit';
import { withoutValues } from '../../src/api/without-values.js';

const secret = 'hunter2';
const schema = buildSchema(`
  enum Kind { ONE TWO }
  input Inner { text: String! number: Int kind: Kind flag: Boolean list: [String!] }
  type Query { field(input: Inner, id: ID, kind: Kind): Int }
`);
const withInput = parse('query ($input: Inner) { field(input: $input) }');

const inputs: [string, unknown, RegExp][] = [
  ['text', [secret], /String cannot represent/],
  ['text', { a: secret }, /String cannot represent/],
  ['number', secret, /Int cannot represent/],
  ['number', `x; Field "${secret}" is not there`, /Int cannot represent/],
  ['kind', secret, /Kind|type/],
  ['flag', secret, /Boolean cannot represent/],
  ['list', [[secret]], /String cannot represent/],
  ['unknown', secret, /Field "?unknown"? is not defined/],
];

/** Messages of both libraries about a variable `$input`. */
async function messagesOf(input: unknown): Promise<string[]> {
  const compiled = compileQuery(schema, withInput);
  if (!('query' in compiled)) throw new Error('it does not compile');
  const results = await Promise.all([
    execute({ schema, document: withInput, variableValues: { input } }),
    compiled.query({}, {}, { input }),
  ]);
  return results.flatMap(({ errors = [] }) => errors.map(({ message }) => message));
}

describe('messages about variables name place and reason, and no value', () => {
  test.each(inputs)('%s: %j', async (name, value, expected) => {
    const messages = await messagesOf({ text: 'a', [name]: value });
    expect(messages.length).toBeGreaterThanOrEqual(2);
    expect(messages.some((message) => message.includes(secret))).toBe(true);
    for (const message of messages.map(withoutValues)) {
      expect(message).toMatch(/^Variable "\$\w+" got an invalid value/);
      expect(message).toMatch(expected);
      expect(message).not.toContain(secret);
    }
  });

  test.each([[[secret]], [secret], [{ number: secret }]])('%j', async (input) => {
    for (const message of (await messagesOf(input)).map(withoutValues)) expect(message).not.toContain(secret);
  });
});

test.each([
  [`{ field(input: { text: ${secret} }) }`, 'String cannot represent a non string value.'],
  [`{ field(input: { text: { a: "${secret}" } }) }`, 'String cannot represent a non string value.'],
  [`{ field(input: "${secret}") }`, 'Expected value of type "Inner".'],
  [`{ field(kind: "${secret}") }`, 'Enum "Kind" cannot represent non-enum value.'],
  [`{ field(id: 1.5) }`, 'ID cannot represent a non-string and non-integer value.'],
])('a value in the document is not quoted: %s', (document, expected) => {
  const [error] = validate(schema, parse(document));
  expect(withoutValues(String(error?.message))).toBe(expected);
});

test.each([
  [`{ field(text "${secret}") }`, 'Syntax Error: Expected ":", found String.'],
  [`{ field(text: a ${secret}) }`, 'Syntax Error: Expected ":", found ")".'],
  [`{ field(text: "a" "${secret}") }`, 'Syntax Error: Expected Name, found String.'],
  [`{ field } ${secret}`, 'Syntax Error: Unexpected Name.'],
  ['{ field', 'Syntax Error: Expected Name, found <EOF>.'],
])('a text that does not parse is not quoted: %s', (document, expected) => {
  let found: GraphQLError | undefined;
  try {
    parse(document);
  } catch (error) {
    found = error as GraphQLError;
  }
  expect(withoutValues(String(found?.message))).toBe(expected);
});

test('other messages stay as they are', () => {
  for (const message of ['Cannot query field "a" on type "B".', 'Field "a" argument "b" of type "C!" is required'])
    expect(withoutValues(message)).toBe(message);
});
