import { violatedConstraint } from '../database/connection-failure.js';
import { refuse } from '../errors.js';

/** Between the system roles: user is 0, admin is 100. */
const levels = { min: 1, max: 99 };
const longestDescription = 500;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,63}$/u;

/** @returns the name as it is kept @throws Refusal INVALID_INPUT */
export function checkedRoleName(text: string): string {
  const name = text.trim().normalize('NFKC');
  if (!namePattern.test(name))
    throw refuse('INVALID_INPUT', 'A role name has 1 to 64 letters, digits, spaces and . _ -', 'name');
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
  if ((text?.length ?? 0) > longestDescription)
    throw refuse('INVALID_INPUT', `A description has at most ${longestDescription} characters.`, 'description');
  return text ?? null;
}

/** For a write that failed. @throws Refusal NAME_TAKEN where that is why, else the error itself */
export function refuseTakenName(error: unknown): never {
  if (violatedConstraint(error) === 'roles_name_unique')
    throw refuse('NAME_TAKEN', 'There is a role of this name.', 'name');
  throw error;
}
