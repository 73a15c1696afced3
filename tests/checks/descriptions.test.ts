import { expect, test } from '@jest/globals';
import { undescribedIn } from '../../checks/descriptions.js';

const described = `
  "Reads."
  type Query {
    "A user by its id."
    user("Id of the user." id: ID!, "How many." first: Int! = 20): User
  }
  "An object with an id."
  interface Node { "Its id." id: ID! }
  "An account."
  type User implements Node { "Its id." id: ID! }
  "A narrower list."
  input Filter { "Whether it is active." isActive: Boolean }
  "A direction."
  enum Direction { "Up." ASC "Down." DESC }
  "One or the other."
  union Either = User
  "An instant."
  scalar DateTime
  "Marks a field."
  directive @marked("Why." reason: String) on FIELD_DEFINITION
`;

test('a schema in which everything is described passes', () => {
  expect(undescribedIn(described)).toEqual([]);
});

const without: [text: string, ...found: string[]][] = [
  ['"An account."', 'User'],
  ['"A user by its id."', 'Query.user'],
  ['"Id of the user."', 'Query.user.id'],
  ['"How many."', 'Query.user.first'],
  ['"Its id."', 'Node.id', 'User.id'],
  ['"An object with an id."', 'Node'],
  ['"A narrower list."', 'Filter'],
  ['"Whether it is active."', 'Filter.isActive'],
  ['"A direction."', 'Direction'],
  ['"Down."', 'Direction.DESC'],
  ['"One or the other."', 'Either'],
  ['"An instant."', 'DateTime'],
  ['"Marks a field."', 'marked'],
  ['"Why."', 'marked.reason'],
];

test.each(without)('a missing %s is found', (text, ...found) => {
  const places = found.map((place) => `schema.graphql: ${place}`);
  expect(undescribedIn(described.replaceAll(text, ''))).toEqual(places);
  expect(undescribedIn(described.replaceAll(text, '" "'))).toEqual(places);
});
