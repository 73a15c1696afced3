import { type UserError, UserErrorCode } from '../errors.js';
import { changesBetween, type FieldChanges } from '../security-events/field-changes.js';
import { isBlock, isLine, tidied } from '../texts/plain-text.js';
import { timeZoneNamed } from '../texts/time-zone.js';
import { isName } from './identifiers.js';
import { languageTagged } from './language.js';
import type { User } from './user.entity.js';
import { isWebAddress } from './web-address.js';

type TextField = 'firstName' | 'lastName' | 'avatarUrl' | 'bio' | 'location' | 'website' | 'timezone' | 'language';

/** What users can say about themselves. Absent: unchanged; null: cleared. */
export type Profile = { readonly [field in TextField]?: string | null | undefined } & {
  /** Null: unchanged. */
  readonly emailNotifications?: boolean | null | undefined;
};

/** The columns that a change of an account sets. */
export type Changes = Partial<Pick<User, TextField | 'emailNotifications' | 'username' | 'email' | 'isVerified'>>;

const longestBio = 1000;
const longestLocation = 100;

interface Reading {
  /** @returns the value to store, or undefined if the text is invalid */
  readonly read: (text: string) => string | undefined;
  readonly problem: string;
}

const when = (accepts: (text: string) => boolean) => (text: string) => (accepts(text) ? text : undefined);
const name: Reading = { read: when(isName), problem: 'A name has at most 100 characters on one line.' };

const readings: Record<TextField, Reading> = {
  firstName: name,
  lastName: name,
  avatarUrl: {
    read: when((text) => isWebAddress(text, ['https:'])),
    problem: 'This is not the address of a picture: it begins with https://.',
  },
  bio: {
    read: when((text) => isBlock(text, longestBio)),
    problem: `A biography has at most ${longestBio} characters.`,
  },
  location: {
    read: when((text) => isLine(text, longestLocation)),
    problem: `A place has at most ${longestLocation} characters on one line.`,
  },
  website: {
    read: when((text) => isWebAddress(text, ['https:', 'http:'])),
    problem: 'This is not the address of a website: it begins with https:// or http://.',
  },
  timezone: { read: timeZoneNamed, problem: 'This is not the name of a time zone, such as Europe/Berlin.' },
  language: { read: languageTagged, problem: 'This is not the tag of a language, such as en or pt-BR.' },
};

/**
 * Validates a profile.
 * @returns the values to set, and the errors of invalid fields
 */
export function readProfile(input: Profile): { changes: Changes; errors: UserError[] } {
  const changes: Changes = {};
  const errors: UserError[] = [];
  for (const [field, { read, problem }] of Object.entries(readings) as [TextField, Reading][]) {
    const given = input[field];
    if (given === undefined) continue;
    const text = given === null ? null : tidied(given);
    const value = text === null ? null : read(text);
    if (value === undefined)
      errors.push({ code: UserErrorCode.INVALID_INPUT, message: problem, field: ['input', field] });
    else changes[field] = value;
  }
  if (input.emailNotifications != null) changes.emailNotifications = input.emailNotifications;
  return { changes, errors };
}

/**
 * Sets the values that differ; the account's version rises if any does.
 * @returns what an event tells of it: `fields`, their names, and `changes`; undefined if nothing differs
 */
export function applyChanges(
  user: User,
  wanted: Changes,
): { readonly fields: readonly string[]; readonly changes: FieldChanges } | undefined {
  const names = Object.keys(wanted) as (keyof Changes)[];
  const before = Object.fromEntries(names.map((field) => [field, user[field] ?? null]));
  const changes = changesBetween(before, wanted);
  const fields = names.filter((field) => field in changes);
  if (fields.length === 0) return undefined;
  Object.assign(user, Object.fromEntries(fields.map((field) => [field, wanted[field]])));
  user.version += 1;
  return { fields, changes };
}
