import { type Refusal, refuse } from '../errors.js';
import { passes } from './passes.js';
import { administratorLevel, type Rights } from './rights.js';
import type { PermissionTerms } from './role-book.js';

const above = (message: string, field: string): Refusal => refuse('ABOVE_OWN_LEVEL', message, field);

/**
 * Requires a role below the caller's own level, to grant, revoke, create or change it.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertRoleBelow(rights: Rights, level: number, field: string): void {
  if (!isBelow(rights, level)) throw above('The role is of your own level or above.', field);
}

const isBelow = (rights: Rights, level: number): boolean => level < rights.level;

/** Requires that the account's level is not above the caller's. @throws Refusal ABOVE_OWN_LEVEL */
export function assertNotOutranked(rights: Rights, subject: Rights, field: string): void {
  if (isOutranked(rights, subject)) throw above('The account is of a higher level than yours.', field);
}

const isOutranked = (rights: Rights, subject: Rights): boolean => subject.level > rights.level;

/**
 * Requires an account below the caller's own level, for changes that amount to taking it over.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertOutranks(rights: Rights, subject: Rights, field: string): void {
  if (!isBelow(rights, subject.level)) throw above('The account is of your own level or above.', field);
}

/**
 * Requires that the caller holds each of these permissions, without conditions or with the same ones: nobody may hand
 * out more than they have.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertCovered(rights: Rights, terms: readonly PermissionTerms[], field: string): void {
  const missing = terms.find((each) => !rights.covers(each));
  if (missing) throw above(`You do not hold ${missing.resource}:${missing.action} yourself.`, field);
}

/**
 * Prevents callers from giving themselves something that outlasts the right to give it. Repeats a check as of each
 * instant before `until` at which one of the caller's own grants ends.
 * @param until when the caller will lose what is given, in milliseconds since 1970
 * @param ask the check; throws when it refuses
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertLasts(rights: Rights, until: number, ask: (then: Rights) => void, field: string): void {
  for (const then of rights.atEndsBefore(until)) if (!passes(() => ask(then))) throw outlasted(field);
}

const outlasted = (field: string): Refusal =>
  above('You would hold this beyond the end of what gives you the right to it.', field);

/** Requires an administrator: nobody else may appoint one. @throws Refusal ABOVE_OWN_LEVEL */
export function assertAdministers(rights: Rights, field: string): void {
  if (rights.level < administratorLevel) throw above('Only an administrator makes another.', field);
}
