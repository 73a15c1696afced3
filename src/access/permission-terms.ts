import { refuse } from '../errors.js';
import { type Conditions, checkedConditions } from './conditions.js';
import { attributesKnownOf } from './permission-catalogue.js';
import { any, type Terms } from './role-book.js';

/** What a permission is called, and what it allows. */
export interface NamedTerms extends Terms {
  readonly name: string;
}

export interface TermsInput {
  readonly resource: string;
  readonly action: string;
  /** Null or blank: `resource:action`. */
  readonly name?: string | null | undefined;
  readonly conditions?: unknown;
}

const word = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
/** CASL's own words for `*`, which would be taken for it in the rules that clients unpack. */
const foreignWords = new Set(['manage', 'all']);
const longestName = 100;
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** @returns a permission as it is kept @throws Refusal INVALID_INPUT that names the field at fault */
export function checkedTerms(input: TermsInput): NamedTerms {
  const resource = checkedWord(input.resource, 'resource');
  const action = checkedWord(input.action, 'action');
  const conditions = checkedConditions(input.conditions);
  if (conditions) assertAttributesKnown(resource, conditions);
  // As it will be read again: JSON has no negative zero.
  const kept = JSON.parse(JSON.stringify(conditions)) as Conditions | null;
  return { resource, action, conditions: kept, name: checkedName(input.name) ?? `${resource}:${action}` };
}

function checkedWord(text: string, field: 'resource' | 'action'): string {
  const name = text.trim().toLowerCase();
  if (name !== any && (!word.test(name) || foreignWords.has(name)))
    throw refuse('INVALID_INPUT', `The ${field} is * or up to 64 letters, digits and _ . - between them.`, field);
  return name;
}

function checkedName(text: string | null | undefined): string | null {
  const name = text?.trim().normalize('NFC');
  if (!name) return null;
  if (name.length > longestName || unseen.test(name))
    throw refuse('INVALID_INPUT', `A name is one line of at most ${longestName} characters.`, 'name');
  return name;
}

/** A condition on what a resource of the service's own does not have would never be met, or always. */
function assertAttributesKnown(resource: string, conditions: Conditions): void {
  const known = attributesKnownOf(resource);
  const strange = known && attributesIn(conditions).find((attribute) => !known.includes(attribute));
  if (strange !== undefined)
    throw refuse('INVALID_INPUT', `A ${resource} has no attribute ${strange.slice(0, 64)}.`, 'conditions');
}

function attributesIn(conditions: Conditions): string[] {
  return Object.entries(conditions).flatMap(([key, value]) => {
    if (key === '$and' || key === '$or') return (value as Conditions[]).flatMap(attributesIn);
    return key === '$not' ? attributesIn(value as Conditions) : [key];
  });
}
