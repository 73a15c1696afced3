import { loginBody } from './requests.js';
import { password, username } from './seed.js';

const day = 24 * 60 * 60 * 1000;
const ago = (days: number): string => new Date(Date.now() - days * day).toISOString();

const page = (field: string): object => ({ query: `{ ${field} }` });

/** What the console and the pages ask, each time with other values where there are any. */
export const growingQueries: Readonly<Record<string, (n: number) => object>> = {
  'sign-in': (n) => loginBody(username(100 + n), password),
  viewer: () => page('viewer { id username email roles { name } }'),
  'people, first page': () => page('users(first: 50) { nodes { username email roles { name } } }'),
  'people, by last sign-in': () =>
    page('users(first: 50, orderBy: { field: LAST_LOGIN_AT, direction: DESC }) { nodes { username lastLoginAt } }'),
  'people, search for one': (n) => page(`users(first: 50, search: "person.0${100 + n}") { nodes { username } }`),
  'people, search for a tenth': () => page('users(first: 50, search: "robin") { nodes { username } }'),
  'people, counted': () => page('users { totalCount totalCountIsEstimate }'),
  'record, newest': () => page('securityEvents(last: 50) { nodes { type occurredAt } }'),
  'record of one person': (n) =>
    page(`users(first: 1, search: "person.0${200 + n}") { nodes { securityEvents(last: 20) { nodes { type } } } }`),
  'record, one type': () =>
    page('securityEvents(last: 50, filter: { types: [API_TOKEN_CREATED] }) { nodes { occurredAt } }'),
  'record, one word': () => page('securityEvents(last: 50, filter: { text: "bio" }) { nodes { occurredAt } }'),
  'sessions, newest': () => page('sessions(first: 50) { nodes { ipAddress createdAt } }'),
  'API tokens, newest': () => page('apiTokens(first: 50) { nodes { name } }'),
  'grants that end': () => page(`roleGrants(first: 50, endingBefore: "${ago(-30)}") { nodes { expiresAt } }`),
  overview: () =>
    page(
      'securityOverview { accounts { count } lockedAccounts { count } openSessions { count } endingGrants { count } }',
    ),
  'statistics of a month': () =>
    page(`securityStatistics(from: "${ago(31)}", to: "${ago(0)}", interval: DAY) { starts series { type count } }`),
  'unusual activity of a day': () => page(`unusualActivity(since: "${ago(1)}") { kind count }`),
};
