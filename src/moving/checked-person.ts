import { checkEmail, checkUsername, normalizeIdentifier } from '../accounts/identifiers.js';
import { readProfile } from '../accounts/profile.js';
import { verifierOf } from '../authentication/passwords/foreign-hashes.js';
import { noPassword } from '../authentication/passwords/no-password.js';
import { checkedFactor, type FactorRow } from './checked-factor.js';
import { checkedGrants, type GrantRow } from './checked-grants.js';
import { faultIn, type PersonRecord, personShape } from './record-shapes.js';
import { type Problem, problem } from './sources/found.js';
import type { Terms } from './terms.js';
import { Unusable } from './unusable.js';

/** Rows of an account. Names are those of columns; instants are texts, because a Date would lose microseconds. */
export interface CheckedPerson {
  readonly user: {
    readonly id: string;
    readonly username: string;
    readonly email: string;
    readonly is_admin: boolean;
  } & {
    readonly [column: string]: string | boolean | null;
  };
  readonly grants: readonly GrantRow[];
  readonly states: readonly StateRow[];
  readonly factor: FactorRow | undefined;
}

interface StateRow {
  readonly user_id: string;
  readonly since: string;
  readonly email: string;
  readonly is_active: boolean;
  readonly is_admin: boolean;
}

/** Longest name or address that is looked at, in code units; far above what is accepted. */
const longestIdentifier = 1000;

/** Checks a record as the API checks its inputs. @returns the rows to insert, or why there are none */
export function checkedPerson(value: unknown, terms: Terms): CheckedPerson | Problem {
  const parsed = personShape.safeParse(value);
  if (!parsed.success) return problem('MALFORMED', faultIn(parsed.error));
  try {
    return rowsOf(parsed.data, terms);
  } catch (error) {
    if (error instanceof Unusable) return error.problem;
    throw error;
  }
}

function rowsOf(record: PersonRecord, terms: Terms): CheckedPerson {
  const id = record.id == null ? crypto.randomUUID() : terms.ids(record.id);
  const [username, email] = [identifier(record.username), identifier(record.email)];
  const { changes, errors } = readProfile(profileIn(record));
  const [fault] = [...checkUsername(username), ...checkEmail(email), ...errors];
  if (fault) throw new Unusable('INVALID_INPUT', `${fault.field?.at(-1)}: ${fault.message}`);
  const isAdmin = record.admin ?? false;
  if (isAdmin && !terms.allowAdministrators)
    throw new Unusable('ADMINISTRATOR', 'This is an administrator; --allow-administrators takes such lines.');
  const createdAt = record.createdAt ?? terms.now.toISOString();
  const user = {
    id,
    username,
    email,
    password_hash: checkedHash(record.passwordHash, terms),
    first_name: changes.firstName ?? null,
    last_name: changes.lastName ?? null,
    avatar_url: changes.avatarUrl ?? null,
    bio: changes.bio ?? null,
    location: changes.location ?? null,
    website: changes.website ?? null,
    timezone: changes.timezone ?? null,
    language: changes.language ?? null,
    email_notifications: record.emailNotifications ?? true,
    is_admin: isAdmin,
    is_active: record.active ?? true,
    is_verified: record.verified ?? true,
    last_login_at: record.lastLoginAt ?? null,
    password_changed_at: record.passwordChangedAt ?? createdAt,
    created_at: createdAt,
  };
  const owner = { id, isAdmin, createdAt };
  return {
    user,
    grants: checkedGrants(record, owner, terms),
    states: statesOf(record, user),
    factor: checkedFactor(record, owner),
  };
}

const identifier = (text: string): string => (text.length > longestIdentifier ? '' : normalizeIdentifier(text));

const profileIn = ({ firstName, lastName, avatarUrl, bio, location, website, timezone, language }: PersonRecord) => ({
  firstName,
  lastName,
  avatarUrl,
  bio,
  location,
  website,
  timezone,
  language,
});

function checkedHash(hash: string | null | undefined, { argon2 }: Terms): string {
  if (hash == null || hash === '') return noPassword;
  if (!verifierOf(hash, argon2))
    throw new Unusable('UNUSABLE_HASH', 'The hash of the password is malformed, of an unknown scheme or too costly.');
  return hash;
}

/** The latest state must be the present one, because decisions about the past and the present have to agree. */
function statesOf({ states }: PersonRecord, user: CheckedPerson['user']): StateRow[] {
  const rows = (states ?? []).map(({ since, email, active, admin }) => {
    const address = identifier(email);
    if (checkEmail(address).length > 0) throw new Unusable('INVALID_INPUT', 'states: This is not an e-mail address.');
    return { user_id: user.id, since, email: address, is_active: active, is_admin: admin };
  });
  if (rows.some(({ since }, place) => Date.parse(since) < Date.parse(rows[place - 1]?.since ?? since)))
    throw new Unusable('INVALID_INPUT', 'states: The oldest comes first.');
  const last = rows.at(-1);
  const isPresent = (['email', 'is_active', 'is_admin'] as const).every((key) => last?.[key] === user[key]);
  if (last && !isPresent) throw new Unusable('INVALID_INPUT', 'states: The last one differs from the account.');
  // This one is written by a trigger.
  return rows.length === 1 && last?.since === user['created_at'] ? [] : rows;
}
