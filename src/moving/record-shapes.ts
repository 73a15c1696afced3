import { z } from 'zod';

// The format of docs/moving.md. Null stands for an absent field.

const noInstant = 'This is not an instant such as 2026-01-31T12:00:00Z, in the years 1 to 9999.';

/** RFC 3339. @returns in UTC, with the microseconds that the database keeps and a Date would lose */
const instant = z.iso.datetime({ offset: true, message: noInstant }).transform((text, context) => {
  const time = Date.parse(text);
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  const plain = Number.isNaN(time) ? '' : new Date(time).toISOString();
  if (/^(?!0000)\d{4}-/.test(plain)) return plain.replace('Z', `${micros}Z`);
  context.addIssue(noInstant);
  return z.NEVER;
});
const text = z.string().nullish();
const flag = z.boolean().nullish();
/** A number is what systems with counted ids have. */
const id = z.union([z.string().min(1).max(200), z.number().int()], 'This is not an id.');

const mostListed = 10_000;

const grant = z.strictObject({
  /** Name of a living role. */
  role: z.string().optional(),
  /** Id of a role in the file; also of one that was deleted. */
  roleId: id.optional(),
  grantedAt: instant.nullish(),
  grantedBy: id.nullish(),
  expiresAt: instant.nullish(),
  expiryAnnouncedAt: instant.nullish(),
  revokedAt: instant.nullish(),
  revokedBy: id.nullish(),
});

const state = z.strictObject({ since: instant, email: z.string(), active: z.boolean(), admin: z.boolean() });

const twoFactor = z.strictObject({
  secret: z.string(),
  confirmedAt: instant.nullish(),
  recoveryCodes: z
    .array(z.strictObject({ hash: z.string(), usedAt: instant.nullish() }))
    .max(100)
    .nullish(),
});

export const personShape = z.strictObject({
  type: z.literal('person').optional(),
  id: id.nullish(),
  username: z.string(),
  email: z.string(),
  verified: flag,
  active: flag,
  admin: flag,
  passwordHash: text,
  firstName: text,
  lastName: text,
  avatarUrl: text,
  bio: text,
  location: text,
  website: text,
  timezone: text,
  language: text,
  emailNotifications: flag,
  createdAt: instant.nullish(),
  lastLoginAt: instant.nullish(),
  passwordChangedAt: instant.nullish(),
  twoFactor: twoFactor.nullish(),
  roles: z.array(z.string()).max(mostListed).nullish(),
  grants: z.array(grant).max(mostListed).nullish(),
  states: z.array(state).max(mostListed).nullish(),
});
export type PersonRecord = z.output<typeof personShape>;
export type GrantRecord = z.output<typeof grant>;

const permission = z.strictObject({
  resource: z.string(),
  action: z.string(),
  name: text,
  conditions: z.record(z.string(), z.unknown()).nullish(),
  createdAt: instant.nullish(),
  removedAt: instant.nullish(),
});

export const roleShape = z.strictObject({
  type: z.literal('role'),
  id: id.nullish(),
  name: z.string(),
  level: z.number().int().nullish(),
  description: text,
  createdAt: instant.nullish(),
  updatedAt: instant.nullish(),
  deletedAt: instant.nullish(),
  names: z
    .array(z.strictObject({ name: z.string(), since: instant }))
    .max(mostListed)
    .nullish(),
  /** Absent: the role only has to be there. */
  permissions: z.array(permission).max(mostListed).nullish(),
});
export type RoleRecord = z.output<typeof roleShape>;

/** First record of an export. */
export const headShape = z.object({ type: z.literal('gatehouse'), version: z.literal(1) });

/** Says where a record has not the form that it should have. Names of fields are cut, since the file chooses them. */
export function faultIn(error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue?.path.join('.').slice(0, 100) ?? '';
  return `${where ? `${where}: ` : ''}${issue?.message.slice(0, 200) ?? 'This is not a record.'}`;
}
