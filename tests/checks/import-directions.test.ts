import { expect, test } from '@jest/globals';
import { circlesIn } from '../../checks/circles.js';
import { violationsIn } from '../../checks/import-directions.js';

const allowed = [
  ['accounts/register.ts', "import { grantSystemRole } from '../access/grants.js';"],
  ['accounts/user.resolver.ts', "import { Query } from 'type-graphql';"],
  ['accounts/register.ts', "import type { Services } from '../services.js';"],
  ['accounts/register.ts', "import { type Services } from '../services.js';"],
  ['database/orm.ts', "import { M } from '../../migrations/M.js';"],
  ['api/schema.ts', "import { UserResolver } from '../accounts/user.resolver.js';"],
  ['accounts/user.resolver.ts', "import { register } from './register.js';"],
  ['accounts/user.entity.ts', "import { Role } from '../access/role.entity.js';"],
  ['app.ts', "import { serve } from './http/serve.js';"],
  ['open-services.ts', "import { openPostgres } from './database/embedded/embedded-postgres.js';"],
] as const;

const refused = [
  ['a folder imports one above it', 'policy/rights.ts', "import { grants } from '../access/grants.js';"],
  ['as a type, too', 'policy/rights.ts', "import type { Grant } from '../access/grants.js';"],
  ['in a folder inside', 'database/embedded/postmaster.ts', "import { Sql } from '../sql.js';"],
  ['the composition', 'accounts/register.ts', "import { asSystem } from '../app.js';"],
  ['what serves', 'accounts/user.resolver.ts', "import { permissions } from '../api/permissions.js';"],
  ['a use-case knows what resolvers need', 'accounts/register.ts', "import type { X } from '../graphql/context.js';"],
  ['a use-case knows a resolver', 'accounts/register.ts', "import { UserResolver } from './user.resolver.js';"],
  ['an entity knows more than columns', 'accounts/user.entity.ts', "import { register } from './register.js';"],
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

test('circles are found, whatever leads into them', () => {
  const imports = { a: ['b', 'e'], b: ['c'], c: ['d', 'b'], d: [], e: ['f'], f: ['g', 'd'], g: ['e'], h: ['a', 'h'] };
  expect(circlesIn(new Map(Object.entries(imports)))).toEqual([
    ['b', 'c'],
    ['e', 'f', 'g'],
  ]);
  expect(
    circlesIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
      ]),
    ),
  ).toEqual([]);
});
