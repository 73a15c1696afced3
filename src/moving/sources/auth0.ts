import { z } from 'zod';
import { derivedName } from './derived-name.js';
import { type Found, problem, type Readable } from './found.js';
import { jsonLines } from './json-lines.js';

const text = z.string().nullish();
/** A line of the export of users, or of the bulk export with hashes, which names some fields otherwise. */
const user = z.object({
  user_id: text,
  _id: z.union([z.string(), z.object({ $oid: z.string() })]).nullish(),
  username: text,
  nickname: text,
  name: text,
  email: text,
  email_verified: z.boolean().nullish(),
  given_name: text,
  family_name: text,
  picture: text,
  locale: text,
  blocked: z.boolean().nullish(),
  created_at: text,
  last_login: text,
  last_password_reset: text,
  passwordHash: text,
  multifactor: z.array(z.string()).nullish(),
});
type User = z.output<typeof user>;

/** Reads exports of Auth0, one user a line: with hashes, as its support sends them, or without. */
export async function* auth0(file: Readable): AsyncIterable<Found> {
  for await (const found of jsonLines(file)) yield 'value' in found ? personIn(found.at, found.value) : found;
}

function personIn(at: number, value: unknown): Found {
  const { data } = user.safeParse(value);
  if (!data) return { at, problem: problem('MALFORMED', 'This is not a user of Auth0.') };
  if (data.multifactor?.length)
    return {
      at,
      problem: problem('UNUSABLE_SECOND_FACTOR', 'Auth0 exports no seeds; switch this factor off there first.'),
    };
  return { at, value: recordOf(data), isDerived: !data.username || data.username.includes('@') };
}

function recordOf(from: User): object {
  const { username, email, nickname, name } = from;
  const id = from.user_id ?? (typeof from._id === 'object' ? from._id?.$oid : from._id);
  return {
    id,
    username: username && !username.includes('@') ? username : derivedName(username || email || nickname || name || ''),
    email,
    verified: from.email_verified ?? false,
    active: from.blocked !== true,
    passwordHash: from.passwordHash,
    firstName: from.given_name,
    lastName: from.family_name,
    language: from.locale?.replace('_', '-'),
    // Pictures that Auth0 makes by itself say nothing.
    avatarUrl: from.picture?.includes('gravatar.com') ? null : from.picture,
    createdAt: from.created_at,
    lastLoginAt: from.last_login,
    passwordChangedAt: from.last_password_reset,
  };
}
