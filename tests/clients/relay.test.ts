import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type ConcreteRequest,
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  type GraphQLTaggedNode,
  getSingularSelector,
  type IEnvironment,
  type MutationParameters,
  type OperationType,
  type ReaderFragment,
  requestSubscription,
} from 'relay-runtime';
import type { Gatehouse } from '../../client/gatehouse.js';
import { closeApps, programOf, signInTo } from '../support/apps.js';
import { documented } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness } from '../support/harness.js';
import { Project } from '../support/project.js';
import { signInAndOut } from '../support/sessions.js';

const operations = `import { graphql } from 'relay-runtime';
graphql\`query operationsUsersQuery { ...operationsUsers @arguments(first: 2) }\`;
graphql\`fragment operationsUsers on Query
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "operationsMoreUsersQuery") {
    users(first: $first, after: $after) @connection(key: "operations_users") {
      totalCount
      edges { node { id ...operationsUser } }
    }
  }\`;
graphql\`fragment operationsUser on User @refetchable(queryName: "operationsUserQuery") { username bio createdAt }\`;
graphql\`mutation operationsProfileMutation($input: UpdateProfileInput!) {
    updateProfile(input: $input) { user { id bio } errors { code field } }
  }\`;
graphql\`subscription operationsSessionSubscription($after: String) {
    sessionEvents(after: $after) { cursor type session { id } }
  }\`;
graphql\`mutation operationsConditionMutation($input: AddPermissionInput!) {
    addPermission(input: $input) { permission { conditions } }
  }\`;
`;

/** CommonJS modules, which run as they are made. */
const scripts = { src: 'scripts', language: 'javascript', eagerEsModules: false };

interface Connection {
  readonly edges: readonly { readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly totalCount: number;
}

let harness: Harness;
let project: Project;
let gatehouse: Gatehouse;
let environment: IEnvironment;
let complaints: string;
beforeAll(async () => {
  project = await Project.make({
    'src/operations.ts': operations,
    'scripts/operations.js': operations,
    'relay.config.json': await documented('relay.config.json'),
    'scripts.config.json': JSON.stringify({ ...scripts, schema: 'schema.graphql' }),
    'scripts/package.json': '{}',
    'environment.ts': await documented('environment.ts'),
  });
  complaints = await project.compile();
  harness = await Harness.start();
  for (const name of ['ada', 'bea', 'cyd']) await harness.person(name);
  gatehouse = programOf(harness).gatehouse;
  await signInTo(gatehouse, administrator.username);
  const module = await project.load<{ createEnvironment(url: string, by: Gatehouse): IEnvironment }>('environment');
  environment = module.createEnvironment(`${harness.app.url}/graphql`, gatehouse);
});
afterAll(async () => {
  await closeApps();
  await harness.close();
  await project.remove();
});

const artifact = <Node = GraphQLTaggedNode>(name: string) =>
  project.loadScript<Node>(`scripts/__generated__/operations${name}.graphql.js`);

async function fetchAndKeep(name: string, variables: OperationType['variables'], by = environment): Promise<object> {
  const query = await artifact<ConcreteRequest>(name);
  by.retain(createOperationDescriptor(query, variables));
  return (await fetchQuery<OperationType>(by, query, variables).toPromise()) as object;
}

async function readFragment<Data>(name: string, reference: object): Promise<Data> {
  const selector = getSingularSelector(await artifact<ReaderFragment>(name), reference);
  if (!selector) throw new Error('There is no such fragment.');
  return environment.lookup(selector).data as unknown as Data;
}

test('relay-compiler takes the schema and the documented configuration, whose scalars are in the types', async () => {
  for (const configuration of ['relay.config.json', 'scripts.config.json']) {
    const { failed, output } = await project.run('relay-compiler/cli.js', configuration);
    expect([failed, output]).toEqual([false, expect.stringContaining('Done')]);
    expect(output).not.toMatch(/WARN|ERROR/);
  }
  expect(await project.read('src/__generated__/operationsUser.graphql.ts')).toContain('readonly createdAt: string;');
  const conditions = 'readonly conditions: Readonly<Record<string, unknown>> | null | undefined;';
  expect(await project.read('src/__generated__/operationsConditionMutation.graphql.ts')).toContain(conditions);
});

test('the documented environment type-checks', () => expect(complaints).toBe(''));

test('the second page of a connection is joined to the first in the store', async () => {
  const root = await fetchAndKeep('UsersQuery', {});
  const { users } = await readFragment<{ users: Connection }>('Users', root);
  expect([users.edges.length, users.totalCount, users.pageInfo.hasNextPage]).toEqual([2, 4, true]);
  await fetchAndKeep('MoreUsersQuery', { first: 2, after: users.pageInfo.endCursor });
  const { users: all } = await readFragment<{ users: Connection }>('Users', root);
  const names = all.edges.map(({ node }) => readFragment<{ username: string }>('User', node));
  expect((await Promise.all(names)).map(({ username }) => username)).toEqual(['root.admin', 'ada', 'bea', 'cyd']);
  expect(all.pageInfo.hasNextPage).toBe(false);
});

test('an object of a list is fetched again by its id through `node`', async () => {
  const { users } = await readFragment<{ users: Connection }>('Users', await fetchAndKeep('UsersQuery', {}));
  const { node } = users.edges[0] as Connection['edges'][0];
  const admin = await harness.admin();
  await admin.mutate('updateProfile', { bio: 'changed elsewhere' }, 'user { id }');
  await fetchAndKeep('UserQuery', { id: node.id });
  expect(await readFragment('User', node)).toMatchObject({ username: 'root.admin', bio: 'changed elsewhere' });
});

async function updateBio(bio: string): Promise<object> {
  const mutation = await artifact('ProfileMutation');
  return new Promise((resolve, reject) => {
    const variables = { input: { bio } };
    const onCompleted = ({ updateProfile }: MutationParameters['response']) => resolve(updateProfile as object);
    commitMutation<MutationParameters>(environment, { mutation, variables, onCompleted, onError: reject });
  });
}

test('a mutation changes the store; a refusal comes in `errors` of the payload and changes nothing', async () => {
  const { users } = await readFragment<{ users: Connection }>('Users', await fetchAndKeep('UsersQuery', {}));
  const { node } = users.edges[0] as Connection['edges'][0];
  expect(await updateBio('by Relay')).toMatchObject({ user: { bio: 'by Relay' }, errors: [] });
  expect(await updateBio('x'.repeat(10_000))).toMatchObject({
    user: null,
    errors: [{ code: 'INVALID_INPUT', field: ['input', 'bio'] }],
  });
  expect(await readFragment('User', node)).toMatchObject({ bio: 'by Relay' });
});

test('a subscription tells of a new session', async () => {
  const heard: { readonly type: string; readonly session: object }[] = [];
  const { dispose } = requestSubscription(environment, {
    subscription: await artifact('SessionSubscription'),
    variables: {},
    onNext: (response) => heard.push((response as { sessionEvents: (typeof heard)[0] }).sessionEvents),
  });
  const opened = await eventually(async () => {
    await signInAndOut(harness, administrator.username);
    return heard.find(({ type }) => type === 'OPENED');
  });
  expect(opened.session).toEqual({ id: expect.any(String) });
  dispose();
});

test('a query that is refused rejects, with the code in the source of the error', async () => {
  const { gatehouse: stranger } = programOf(harness);
  const module = await project.load<{ createEnvironment(url: string, by: Gatehouse): IEnvironment }>('environment');
  const other = module.createEnvironment(`${harness.app.url}/graphql`, stranger);
  const source = { errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] };
  await expect(fetchAndKeep('UsersQuery', {}, other)).rejects.toMatchObject({ source });
});
