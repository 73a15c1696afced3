import { CodedError, Refusal, refuse } from '../errors.js';
import { administratorLevel, type Rights } from './rights.js';
import type { Terms } from './role-book.js';

const above = (message: string, field: string): Refusal => refuse('ABOVE_OWN_LEVEL', message, field);

/** Nobody gives, takes, makes or changes a role of their own level or above. @throws Refusal ABOVE_OWN_LEVEL */
export function assertRoleBelow(rights: Rights, level: number, field: string): void {
  if (!isBelow(rights, level)) throw above('The role is of your own level or above.', field);
}

const isBelow = (rights: Rights, level: number): boolean => level < rights.level;

/** Nobody administers an account of a higher level. @throws Refusal ABOVE_OWN_LEVEL */
export function assertNotOutranked(rights: Rights, subject: Rights, field: string): void {
  if (isOutranked(rights, subject)) throw above('The account is of a higher level than yours.', field);
}

const isOutranked = (rights: Rights, subject: Rights): boolean => subject.level > rights.level;

/** For what would give the account itself away. @throws Refusal ABOVE_OWN_LEVEL */
export function assertOutranks(rights: Rights, subject: Rights, field: string): void {
  if (!isBelow(rights, subject.level)) throw above('The account is of your own level or above.', field);
}

/** Nobody hands out what they do not hold themselves, as wide. @throws Refusal ABOVE_OWN_LEVEL */
export function assertCovered(rights: Rights, terms: readonly Terms[], field: string): void {
  const missing = terms.find((each) => !rights.covers(each));
  if (missing) throw above(`You do not hold ${missing.resource}:${missing.action} yourself.`, field);
}

/**
 * Nobody gives themself what lasts longer than the right to give it: what is asked as of now, about something that the
 * caller will hold until an instant, is asked here as of each instant before it at which something ends that they hold.
 * @param until in milliseconds since 1970
 * @param ask throws what it would be refused with
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertLasts(rights: Rights, until: number, ask: (then: Rights) => void, field: string): void {
  for (const then of rights.atEndsBefore(until)) if (isRefused(() => ask(then))) throw outlasted(field);
}

const outlasted = (field: string): Refusal =>
  above('You would hold this beyond the end of what gives you the right to it.', field);

/** Whether the question is answered with an error that the caller may be told. */
export function isRefused(ask: () => void): boolean {
  try {
    ask();
    return false;
  } catch (error) {
    if (error instanceof Refusal || error instanceof CodedError) return true;
    throw error;
  }
}

/** Only administrators make others. @throws Refusal ABOVE_OWN_LEVEL */
export function assertAdministers(rights: Rights, field: string): void {
  if (rights.level < administratorLevel) throw above('Only an administrator makes another.', field);
}
