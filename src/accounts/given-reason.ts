import { refuse } from '../errors.js';
import { isBlock, tidied } from '../texts/plain-text.js';

const longestReason = 500;

/**
 * The reason for an action on an account, as the audit trail keeps it.
 * @returns null if none was given
 * @throws Refusal INVALID_INPUT
 */
export function givenReason(text: string | null | undefined): string | null {
  const reason = text == null ? null : tidied(text);
  if (reason !== null && !isBlock(reason, longestReason))
    throw refuse('INVALID_INPUT', `A reason has at most ${longestReason} characters.`, 'reason');
  return reason;
}
