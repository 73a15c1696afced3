import { expect, test } from '@jest/globals';
import { violationsIn } from '../../checks/import-directions.js';

const allowed = [
  ['accounts/register.ts', "import { grantSystemRole } from '../access/grants.js';"],
  ['accounts/user.resolver.ts', "import { Query } from 'type-graphql';"],
  ['accounts/register.ts', "import type { Services } from '../services.js';"],
  ['accounts/register.ts', "import { type Services } from '../services.js';"],
  ['database/orm.ts', "import { M } from '../../migrations/M.js';"],
  ['graphql/schema.ts', "import { UserResolver } from '../accounts/user.resolver.js';"],
] as const;

const refused = [
  ['a layer imports one above it', 'accounts/register.ts', "import { x } from '../graphql/context.js';"],
  ['as a type, too', 'accounts/register.ts', "import type { X } from '../graphql/context.js';"],
  ['in an entity', 'accounts/user.entity.ts', "import { register } from './register.js';"],
  ['the composition as more than a type', 'accounts/register.ts', "import { asSystem } from '../app.js';"],
  ['its types as more than types', 'accounts/register.ts', "import '../services.js';"],
  ['a capability imports one above it', 'access/grants.ts', "import { User } from '../accounts/user.entity.js';"],
  ['a capability imports its neighbour', 'sessions/sessions.ts', "import { x } from '../api-tokens/api-tokens.js';"],
  ['a re-export counts', 'access/grants.ts', "export { User } from '../accounts/user.entity.js';"],
  ['a dynamic import counts', 'access/grants.ts', "const user = await import('../accounts/user.entity.js');"],
  ['an import in a type counts', 'access/grants.ts', "type User = import('../accounts/user.entity.js').User;"],
  ['a rule knows GraphQL', 'accounts/register.ts', "import { GraphQLError } from 'graphql';"],
  ['a rule knows Apollo', 'accounts/register.ts', "import { x } from '@apollo/server/errors';"],
  ['a file beside the layers', 'billing/invoice.ts', ''],
  ['a name that says nothing', 'accounts/utils.ts', ''],
  ['a folder that says nothing', 'accounts/helpers/names.ts', ''],
] as const;

test.each(allowed)('%s may say %s', async (path, source) => {
  expect(await violationsIn(path, source)).toEqual([]);
});

test.each(refused)('%s', async (_title, path, source) => {
  expect(await violationsIn(path, source)).toHaveLength(1);
});

test('a violation is reported with its line, whatever stands before it', async () => {
  const source = "// täglich\nimport { x } from './register.js';\n\nimport { y } from '../app.js';\n";
  const [violation] = await violationsIn('accounts/verify-email.ts', source);
  expect(violation).toMatch(/^src\/accounts\/verify-email\.ts:4: /);
});
