import { Refusal, refuse } from '../../errors.js';
import { type Conditions, checkedConditions } from '../../policy/conditions.js';
import { actionsKnownOf, attributesKnownOf } from '../../policy/permission-catalogue.js';
import { type PermissionTerms, wildcard } from '../../policy/role-book.js';
import { isNameLine } from '../../texts/words.js';

/** A permission's name and content. */
export interface NamedPermissionTerms extends PermissionTerms {
  readonly name: string;
}

export interface NewPermission {
  readonly resource: string;
  readonly action: string;
  /** Null: `resource:action`. */
  readonly name?: string | null | undefined;
  /** Null: applies to everything. */
  readonly conditions?: Record<string, unknown> | null | undefined;
}

const longestName = 100;
const wordPattern = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
/** CASL's wildcards. Refused, because roles copied from a CASL application would permit less than intended. */
const wordsOfCasl = { resource: 'all', action: 'manage' };

/** True when the text can be the name of a resource or an action. */
export const isWord = (text: string): boolean => wordPattern.test(text);

/** @returns the permission in the form in which it is stored @throws Refusal INVALID_INPUT with the field at fault */
export function checkedPermission(input: NewPermission): NamedPermissionTerms {
  const resource = checkedWord('resource', input.resource);
  const action = checkedWord('action', input.action);
  const conditions = asKept(checkedConditions(input.conditions));
  assertInCatalogue({ resource, action, conditions });
  // The default name may be longer than the limit for names that clients choose.
  const name = input.name == null ? `${resource}:${action}` : checkedName(input.name);
  return { name, resource, action, conditions };
}

/** Whether `checkedPermission` would take it. Not so for what was written in SQL, or for attributes that an older version had. */
export function isAcceptable(input: NewPermission): boolean {
  try {
    checkedPermission(input);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Converts the conditions to what reading them again will give: JSON has no negative zero. */
const asKept = (conditions: Conditions | null): Conditions | null => JSON.parse(JSON.stringify(conditions));

function checkedWord(field: keyof typeof wordsOfCasl, text: string): string {
  const word = text.trim().toLowerCase();
  if (word === wordsOfCasl[field]) throw invalid(`Write ${wildcard} for any ${field}.`, field);
  if (word !== wildcard && !isWord(word))
    throw invalid(
      `The ${field} is ${wildcard}, or 1 to 64 of a-z, 0-9 and . _ - that begin with a letter or digit.`,
      field,
    );
  return word;
}

function checkedName(text: string): string {
  // The length is limited before normalisation, which is costly for long texts.
  const name = text.length > 4 * longestName ? '' : text.normalize('NFC').trim();
  if (name === '' || !isNameLine(name, longestName))
    throw invalid(`A name has 1 to ${longestName} visible characters on one line, each word in one script.`, 'name');
  return name;
}

/** Most permissions that a role has at a time. */
export const mostPermissions = 200;

/** @param count number of permissions that the role already has @throws Refusal INVALID_INPUT at the limit */
export function assertRoomBeside(count: number): void {
  if (count >= mostPermissions) throw invalid(`A role has at most ${mostPermissions} permissions.`, 'roleId');
}

/** Rejects actions and attributes that Gatehouse's own resources do not have: most likely typing errors. */
function assertInCatalogue({ resource, action, conditions }: PermissionTerms): void {
  const attributes = attributesKnownOf(resource);
  if (!attributes) return;
  if (action !== wildcard && !actionsKnownOf(resource).includes(action))
    throw invalid(`There is no ${resource}:${action}; see permissionCatalogue.`, 'action');
  const unknown = attributesIn(conditions ?? {}).find((attribute) => !attributes.includes(attribute));
  if (unknown !== undefined)
    throw invalid(`${resource} has no attribute ${unknown} for conditions; see permissionCatalogue.`, 'conditions');
}

/** The first segment of every attribute path in checked conditions. */
function attributesIn(conditions: Conditions): string[] {
  return Object.entries(conditions).flatMap(([key, part]) => {
    if (!key.startsWith('$')) return [key.split('.', 1)[0] ?? ''];
    return ([part].flat() as Conditions[]).flatMap(attributesIn);
  });
}

const invalid = (message: string, field: string): Refusal => refuse('INVALID_INPUT', message, field);
