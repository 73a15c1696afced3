import { type Refusal, refuse } from '../../errors.js';
import { type Conditions, checkedConditions } from '../../policy/conditions.js';
import { actionsKnownOf, attributesKnownOf } from '../../policy/permission-catalogue.js';
import { type Terms, wildcard } from '../../policy/role-book.js';
import { isNameLine } from '../../texts/words.js';

/** What a permission is called, and what it allows. */
export interface NamedTerms extends Terms {
  readonly name: string;
}

export interface NewPermission {
  readonly resource: string;
  readonly action: string;
  /** Null: `resource:action`. */
  readonly name?: string | null | undefined;
  /** Null: allows all. */
  readonly conditions?: Record<string, unknown> | null | undefined;
}

const longestName = 100;
const wordPattern = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
/** What CASL calls any action and any resource: roles that come from there would mean too little. */
const wordsOfCasl = { resource: 'all', action: 'manage' };

/** Whether a text can name a resource or an action. */
export const isWord = (text: string): boolean => wordPattern.test(text);

/** @returns a permission as it is kept @throws Refusal INVALID_INPUT that names the field at fault */
export function checkedPermission(input: NewPermission): NamedTerms {
  const resource = checkedWord('resource', input.resource);
  const action = checkedWord('action', input.action);
  const conditions = asKept(checkedConditions(input.conditions));
  assertInCatalogue({ resource, action, conditions });
  // Of the longest words a default is longer than what people may write.
  const name = input.name == null ? `${resource}:${action}` : checkedName(input.name);
  return { name, resource, action, conditions };
}

/** As it will be read again: JSON has no negative zero. */
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
  // Counted before it is taken apart.
  const name = text.length > 4 * longestName ? '' : text.normalize('NFC').trim();
  if (name === '' || !isNameLine(name, longestName))
    throw invalid(`A name has 1 to ${longestName} visible characters on one line, each word in one script.`, 'name');
  return name;
}

/** Living ones of one role. */
export const mostPermissions = 200;

/** @param count of the permissions that the role has already @throws Refusal INVALID_INPUT */
export function assertRoomBeside(count: number): void {
  if (count >= mostPermissions) throw invalid(`A role has at most ${mostPermissions} permissions.`, 'roleId');
}

/** What nobody asks for, or nothing can meet, is a slip of the pen. Resources of others are not known here. */
function assertInCatalogue({ resource, action, conditions }: Terms): void {
  const attributes = attributesKnownOf(resource);
  if (!attributes) return;
  if (action !== wildcard && !actionsKnownOf(resource).includes(action))
    throw invalid(`There is no ${resource}:${action}; see permissionCatalogue.`, 'action');
  const unknown = attributesIn(conditions ?? {}).find((attribute) => !attributes.includes(attribute));
  if (unknown !== undefined)
    throw invalid(`${resource} has no attribute ${unknown} for conditions; see permissionCatalogue.`, 'conditions');
}

/** The first segments of the paths that checked conditions ask for. */
function attributesIn(conditions: Conditions): string[] {
  return Object.entries(conditions).flatMap(([key, part]) => {
    if (!key.startsWith('$')) return [key.split('.', 1)[0] ?? ''];
    return ([part].flat() as Conditions[]).flatMap(attributesIn);
  });
}

const invalid = (message: string, field: string): Refusal => refuse('INVALID_INPUT', message, field);
