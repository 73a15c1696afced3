import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { Harness, password } from './support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

test('the whole main job: register, verify, sign in, who am I, stay signed in, be listed with roles, be seen live', async () => {
  const admin = await harness.admin();
  // Starting at the administrator's own sign-in, so that the console misses no event however late it subscribes.
  const start = await eventually(async () => {
    const { data } = await admin.ask('{ securityEvents(filter: { types: [LOGIN_SUCCEEDED] }) { nodes { cursor } } }');
    return data['securityEvents']?.['nodes']?.[0]?.['cursor'];
  });
  const console_ = admin.follow(
    'subscription ($after: String) { securityEvents(after: $after) { type cursor subject { username } details } }',
    { after: start },
  );
  const seen = () => console_.events.map((event) => event['securityEvents']?.['type']);

  const person = harness.client();
  const registered = await person.mutate(
    'register',
    { username: 'Ada', email: 'Ada@Example.com', password, firstName: 'Ada', lastName: 'Lovelace' },
    'email verificationRequired',
  );
  expect(registered).toEqual({ email: 'ada@example.com', verificationRequired: true, errors: [] });
  expect((await person.login('ada', password))['errors']).toMatchObject([{ code: 'EMAIL_NOT_VERIFIED' }]);

  const mail = await harness.mailbox.mailTo('ada@example.com');
  expect(mail.text).toContain(`${harness.app.url}/verify-email?token=`);
  const verified = await person.mutate(
    'verifyEmail',
    { token: await harness.mailbox.tokenTo('ada@example.com') },
    'user { username isVerified email }',
  );
  expect(verified['user']).toEqual({ username: 'ada', isVerified: true, email: 'ada@example.com' });

  expect((await person.login('ADA', 'not the passphrase'))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const signedIn = await person.login('ADA@example.com', password);
  expect(signedIn['result']).toMatchObject({
    __typename: 'Authentication',
    tokenType: 'Bearer',
    expiresIn: 3600,
    user: { username: 'ada' },
    session: { isCurrent: true },
  });
  const own = person.follow('subscription { sessionEvents { type session { id } } }');

  const viewer = await person.ask(
    '{ viewer { username fullName email roles { name level } } viewerSession { isCurrent ipAddress user { username } } }',
  );
  expect(viewer.data).toEqual({
    viewer: {
      username: 'ada',
      fullName: 'Ada Lovelace',
      email: 'ada@example.com',
      roles: [{ name: 'user', level: 0 }],
    },
    viewerSession: { isCurrent: true, ipAddress: '127.0.0.1', user: { username: 'ada' } },
  });

  const refreshed = await person.mutate(
    'refreshSession',
    { refreshToken: person.refreshToken },
    'authentication { accessToken refreshToken session { id } }',
  );
  expect(refreshed['authentication']?.['session']?.['id']).toBe(person.sessionId);
  expect(refreshed['authentication']?.['refreshToken']).not.toBe(person.refreshToken);
  person.keep(refreshed['authentication'] as never);

  const role = (await admin.mutate('createRole', { name: 'Editor', level: 10 }, 'role { id name }'))['role'];
  const granted = await admin.mutate(
    'grantRole',
    { userId: person.userId, roleId: role?.['id'] },
    'grant { isActive role { name } user { username } grantedBy { username } }',
  );
  expect(granted['grant']).toEqual({
    isActive: true,
    role: { name: 'Editor' },
    user: { username: 'ada' },
    grantedBy: { username: 'root.admin' },
  });

  const listed = await admin.ask(
    '{ users(search: "love") { totalCount nodes { username roles { name } } pageInfo { hasNextPage } } }',
  );
  expect(listed.data['users']).toEqual({
    totalCount: 1,
    nodes: [{ username: 'ada', roles: [{ name: 'Editor' }, { name: 'user' }] }],
    pageInfo: { hasNextPage: false },
  });
  expect((await person.ask('{ users { totalCount } }')).codes).toEqual(['FORBIDDEN']);

  await admin.mutate('revokeRole', { userId: person.userId, roleId: role?.['id'] }, 'grant { isActive }');
  const bystander = person.socket();
  const loggedOut = await person.ask('mutation { logout { session { id } errors { code } } }');
  expect(loggedOut.data['logout']).toEqual({ session: { id: person.sessionId }, errors: [] });
  expect((await person.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  await eventually(() => own.ended);
  await bystander.dispose();

  const story = [
    'USER_REGISTERED',
    'LOGIN_FAILED',
    'EMAIL_VERIFIED',
    'LOGIN_FAILED',
    'LOGIN_SUCCEEDED',
    'ROLE_CREATED',
    'ROLE_GRANTED',
    'ROLE_REVOKED',
    'LOGOUT',
  ];
  // Refusals are recorded about a second later.
  const refusal = 'PERMISSION_DENIED';
  await eventually(() => seen().length > story.length);
  expect(seen().filter((type) => type !== refusal)).toEqual(story);
  expect(seen().filter((type) => type === refusal)).toHaveLength(1);
  console_.stop();
});
