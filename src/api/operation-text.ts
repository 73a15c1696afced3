import { type DocumentNode, visit } from 'graphql';
import { badInput } from '../errors.js';

/**
 * More combining marks in a row than any language has (Unicode UAX #15, section 13, Stream-Safe Text Format), including
 * the two letters that become marks in NFKC. Normalizing takes quadratic time in their number: 256 KiB of them block
 * the process for seconds.
 */
const tooManyMarks = /[\p{M}\uff9e\uff9f]{31}/u;
/** In UTF-16 units. Shorter texts are normalized quickly, and a password may contain anything. */
const shortText = 2048;

function checkText(value: unknown, depth: number): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw badInput('Text must be well-formed Unicode without U+0000.');
    if (value.length > shortText && tooManyMarks.test(value))
      throw badInput('Text has at most 30 combining marks in a row.');
  } else if (typeof value === 'object' && value !== null) {
    if (depth === 0) throw badInput('The variables are nested too deeply.');
    for (const [key, member] of Object.entries(value)) {
      checkText(key, depth);
      checkText(member, depth - 1);
    }
  }
}

/** Checks the literals of a document. @throws BAD_USER_INPUT for text that PostgreSQL cannot store */
export function checkLiterals(document: DocumentNode): void {
  visit(document, { StringValue: ({ value }) => checkText(value, 0) });
}

/** Deepest nesting of variables; no input type nests deeper. */
const deepestValue = 20;

/** @throws BAD_USER_INPUT for text that PostgreSQL cannot store, and for variables that are nested too deeply */
export const checkVariables = (variables: Record<string, unknown>): void => checkText(variables, deepestValue);
