import { z } from 'zod';
import { derivedName } from './derived-name.js';
import { base32, phcBase64 } from './encodings.js';
import { type Found, problem, type Readable } from './found.js';
import { membersOf } from './json-document.js';

const text = z.string().nullish();
const credential = z.object({
  type: z.string(),
  createdDate: z.number().nullish(),
  secretData: z.string().default('{}'),
  credentialData: z.string().default('{}'),
});
const user = z.object({
  id: text,
  username: text,
  email: text,
  enabled: z.boolean().nullish(),
  emailVerified: z.boolean().nullish(),
  firstName: text,
  lastName: text,
  createdTimestamp: z.number().nullish(),
  serviceAccountClientId: text,
  attributes: z.record(z.string(), z.array(z.string())).nullish(),
  credentials: z.array(credential).nullish(),
  realmRoles: z.array(z.string()).nullish(),
});
type Credential = z.output<typeof credential>;

const role = z.object({ name: z.string(), description: text });

/** Roles that Keycloak makes by itself. */
const own = /^(?:default-roles-.*|offline_access|uma_authorization)$/;

/** Reads the export of a realm (JSON): its users, and its realm roles by name. Records are counted. */
export async function* keycloak(file: Readable): AsyncIterable<Found> {
  let at = 0;
  for await (const member of membersOf(file, ['$.roles.realm.*', '$.users.*'])) {
    at += 1;
    if ('code' in member) yield { at, problem: member };
    else yield* member.list === 'realm' ? roleOf(at, member.value) : personOf(at, member.value);
  }
}

function* roleOf(at: number, value: unknown): Iterable<Found> {
  const { data } = role.safeParse(value);
  if (data && !own.test(data.name))
    yield { at, value: { type: 'role', name: data.name, description: data.description?.slice(0, 500) || null } };
}

function* personOf(at: number, value: unknown): Iterable<Found> {
  const parsed = user.safeParse(value);
  if (!parsed.success) return yield { at, problem: problem('MALFORMED', 'This is not a user of Keycloak.') };
  if (parsed.data.serviceAccountClientId) return;
  const { username, email, createdTimestamp, attributes, credentials, ...person } = parsed.data;
  const isDerived = !username || username.includes('@');
  try {
    const secrets = secretsOf(credentials ?? []);
    const roles = (person.realmRoles ?? []).filter((name) => !own.test(name));
    const record = {
      id: person.id,
      username: isDerived ? derivedName(username || email || '') : username,
      email,
      verified: person.emailVerified ?? false,
      active: person.enabled ?? true,
      admin: roles.some((name) => name.toLowerCase() === 'admin'),
      firstName: person.firstName,
      lastName: person.lastName,
      language: attributes?.['locale']?.[0],
      createdAt: instantOf(createdTimestamp),
      ...secrets,
      roles,
    };
    yield { at, value: record, isDerived };
  } catch {
    yield { at, problem: problem('UNUSABLE_HASH', 'The credentials are not as Keycloak writes them.') };
  }
}

const instantOf = (milliseconds: number | null | undefined): string | null =>
  milliseconds == null ? null : new Date(milliseconds).toISOString();

function secretsOf(credentials: readonly Credential[]): object {
  const password = credentials.find(({ type }) => type === 'password');
  const otp = credentials.find(({ type }) => type === 'otp');
  return {
    passwordHash: password && hashOf(password),
    passwordChangedAt: instantOf(password?.createdDate),
    twoFactor: otp && { secret: seedOf(otp), confirmedAt: instantOf(otp.createdDate) },
  };
}

const secretData = z.object({ value: z.string(), salt: z.string().optional() });
const hashData = z.object({
  algorithm: z.string(),
  hashIterations: z.number(),
  additionalParameters: z.record(z.string(), z.array(z.string())).nullish(),
});

/** An algorithm that is not known makes a hash that the import refuses. */
function hashOf({ secretData: secret, credentialData }: Credential): string {
  const { value, salt = '' } = secretData.parse(JSON.parse(secret));
  const { algorithm, hashIterations, additionalParameters } = hashData.parse(JSON.parse(credentialData));
  const tail = `${phcBase64(salt)}$${phcBase64(value)}`;
  if (algorithm !== 'argon2')
    return `$${algorithm === 'pbkdf2' ? 'pbkdf2-sha1' : algorithm}$i=${hashIterations}$${tail}`;
  const of = (name: string) => additionalParameters?.[name]?.[0] ?? '';
  const version = of('version') === '1.0' ? 16 : 19;
  return `$argon2${of('type')}$v=${version}$m=${of('memory')},t=${hashIterations},p=${of('parallelism')}$${tail}`;
}

const otpData = z.object({
  subType: z.string().default('totp'),
  digits: z.number().default(6),
  period: z.number().default(30),
  algorithm: z.string().default('HmacSHA1'),
  secretEncoding: z.string().nullish(),
});

/** Only what authenticators do by default can be taken; any other seed is left out, and the import refuses that. */
function seedOf({ secretData: secret, credentialData }: Credential): string {
  const { value } = secretData.parse(JSON.parse(secret));
  const { subType, digits, period, algorithm, secretEncoding } = otpData.parse(JSON.parse(credentialData));
  if (subType !== 'totp' || digits !== 6 || period !== 30 || !/SHA-?1$/i.test(algorithm)) return '';
  return secretEncoding === 'BASE32' ? value : base32(Buffer.from(value, 'utf8'));
}
