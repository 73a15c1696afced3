import { takeAdvisoryLock } from '../../database/advisory-locks.js';
import { violatedConstraint } from '../../database/connection-failure.js';
import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import { isLookAlike } from '../../texts/look-alikes.js';
import { isDescription, isNameLine } from '../../texts/words.js';

/** Levels of roles that people create. The system roles lie outside: user has 0, admin has 100. */
const levels = { min: 1, max: 99 };
const longestName = 64;
const longestDescription = 500;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*$/u;

/** @returns the name as it is stored, in NFKC @throws Refusal INVALID_INPUT */
export function checkedRoleName(text: string): string {
  // The length is limited before normalisation: NFKC may shorten a text, and lengthen it up to 18 times.
  const name = text.length > 8 * longestName ? '' : text.normalize('NFKC').trim();
  if (!namePattern.test(name) || !isNameLine(name, longestName))
    throw refuse(
      'INVALID_INPUT',
      `A role name has 1 to ${longestName} letters, digits, spaces and . _ -, each word in one script.`,
      'name',
    );
  return name;
}

/** @throws Refusal INVALID_INPUT */
export function checkedLevel(level: number): number {
  if (level < levels.min || level > levels.max)
    throw refuse('INVALID_INPUT', `A level is ${levels.min} to ${levels.max}.`, 'level');
  return level;
}

/** @throws Refusal INVALID_INPUT */
export function checkedDescription(text: string | null | undefined): string | null {
  if (text == null) return null;
  const description = text.replaceAll(/\r\n?/g, '\n');
  if (!isDescription(description, longestDescription))
    throw refuse(
      'INVALID_INPUT',
      `A description has at most ${longestDescription} characters, all of them visible, each word in one script.`,
      'description',
    );
  return description;
}

/**
 * Refuses a name that looks like that of another role. An advisory lock serialises these checks, so two similar names
 * cannot be taken at the same time.
 * @param id of the role that gets the name
 * @throws Refusal NAME_TAKEN
 */
export async function assertUnlikeOthers(tx: Transaction, name: string, id: string): Promise<void> {
  assertUnlike(name, await namesOfOthers(tx, id));
}

/** @returns the names of all other roles, which stay as they are until the transaction ends */
export async function namesOfOthers(tx: Transaction, id: string): Promise<string[]> {
  await takeAdvisoryLock(tx, 'roleName');
  const others = await tx.rows<{ name: string }>('select name from roles where deleted_at is null and id <> $1', [id]);
  return others.map(({ name }) => name);
}

/** @param others names of the other roles @throws Refusal NAME_TAKEN */
export function assertUnlike(name: string, others: readonly string[]): void {
  if (isLookAlike(name, others))
    throw refuse('NAME_TAKEN', 'There is a role of this name, or of one that looks like it.', 'name');
}

/**
 * Translates the error of a failed write.
 * @throws Refusal NAME_TAKEN for a duplicate name, otherwise the error itself
 */
export function refuseTakenName(error: unknown): never {
  if (violatedConstraint(error) === 'roles_name_unique')
    throw refuse('NAME_TAKEN', 'There is a role of this name.', 'name');
  throw error;
}
