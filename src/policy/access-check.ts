import { badInput } from '../errors.js';
import type { Attributes } from './condition-matching.js';

/** A client's question: may the caller perform this action on a resource with these attributes? */
export interface AccessCheck {
  readonly action: string;
  readonly resource: string;
  readonly attributes?: Attributes | null | undefined;
}

/** A validated check with normalised names. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly attributes: Attributes;
  /** False when no permission can have these names, so the answer is always no. */
  readonly isNamed: boolean;
}

const mostChecks = 1000;
/** Most characters of one check's attributes as JSON. */
const longestAttributes = 20_000;
const deepestAttributes = 10;
/** Syntax of names, as in permissions and scopes. A check for `*` passes only with a permission for `*`. */
const name = /^(?:\*|[a-z0-9_.-]{1,100})$/;

/** @throws BAD_USER_INPUT for no check, for more than 1,000, and for attributes that are too long or too deep */
export function askedOf(checks: readonly AccessCheck[]): Asked[] {
  if (checks.length === 0 || checks.length > mostChecks) throw badInput(`Ask for 1 to ${mostChecks} checks at a time.`);
  return checks.map(asked);
}

/** @throws BAD_USER_INPUT for attributes that are too long or too deep */
export function asked(check: AccessCheck): Asked {
  const [action, resource] = [check.action.trim().toLowerCase(), check.resource.trim().toLowerCase()];
  return {
    action,
    resource,
    attributes: checkedAttributes(check.attributes ?? {}),
    isNamed: name.test(action) && name.test(resource),
  };
}

function checkedAttributes(attributes: Attributes): Attributes {
  if (!isWithin(attributes, deepestAttributes))
    throw badInput(`Attributes are nested at most ${deepestAttributes} levels deep.`);
  if (JSON.stringify(attributes).length > longestAttributes)
    throw badInput(`Attributes have at most ${longestAttributes} characters as JSON.`);
  return attributes;
}

/** Stops at the given depth, so a very deep value does not overflow the stack. */
function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isWithin(member, levels - 1));
}
