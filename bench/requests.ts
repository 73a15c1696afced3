/** Users per page; 100 make an answer of about 41 kB. */
export const pageSize = 100;

/** What an application asks about its caller at each start: nine fields. */
export const viewerQuery =
  '{ viewer { id username email fullName isVerified isAdmin twoFactorEnabled createdAt roles { id name } } }';

export const oneFieldQuery = '{ viewer { username } }';

export const usersQuery = (first: number): string =>
  `{ users(first: ${first}) { nodes { id username email fullName isActive isVerified isAdmin createdAt lastLoginAt roles { id name level } } } }`;

export const permissionsQuery = (first: number): string =>
  `{ users(first: ${first}) { nodes { id username roles { name permissions { name } } } } }`;

const loginMutation =
  'mutation ($input: LoginInput!) { login(input: $input) { result { ... on Authentication { accessToken refreshToken } } errors { code } } }';

export const loginBody = (identifier: string, password: string): object => ({
  query: loginMutation,
  variables: { input: { identifier, password } },
});

const refreshMutation =
  'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { authentication { accessToken refreshToken } errors { code } } }';

export const refreshBody = (refreshToken: string): object => ({
  query: refreshMutation,
  variables: { input: { refreshToken } },
});

/**
 * The bytes of an HTTP request; service and floor get the same, except for the path.
 * @param more lines of the head
 */
export function post(path: string, body: object, token?: string, more: readonly string[] = []): Buffer {
  const text = JSON.stringify(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    ...(token ? [`authorization: Bearer ${token}`] : []),
    ...more,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
