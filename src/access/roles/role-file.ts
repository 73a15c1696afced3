import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { Refusal, refuse } from '../../errors.js';
import { checkedPermission, mostPermissions, type NamedPermissionTerms } from './permission-terms.js';
import { checkedDescription, checkedLevel, checkedRoleName } from './role-terms.js';

/** A role as a file describes it. */
export interface DescribedRole {
  readonly name: string;
  /** Undefined for a system role, whose level is fixed. */
  readonly level: number | undefined;
  /** Undefined: it stays as it is. */
  readonly description: string | null | undefined;
  readonly permissions: readonly NamedPermissionTerms[];
}

const shape = z.strictObject({
  roles: z.array(
    z.strictObject({
      name: z.string(),
      level: z.number().int().optional(),
      description: z.string().nullable().optional(),
      permissions: z
        .array(
          z.union([
            z.string(),
            z.strictObject({
              resource: z.string(),
              action: z.string(),
              name: z.string().optional(),
              conditions: z.record(z.string(), z.unknown()).optional(),
            }),
          ]),
        )
        .max(mostPermissions)
        .default([]),
    }),
  ),
});
type Described = z.output<typeof shape>['roles'][number];

/** Names of the system roles. Their level is fixed. */
const system: readonly string[] = ['user', 'admin'];

/**
 * Reads a file that describes roles, in YAML or JSON. A permission is `resource:action`, or has `resource`, `action` and
 * perhaps `name` and `conditions`.
 * @throws Refusal INVALID_INPUT, which says where; for a role or a permission that is described twice as well
 */
export function readRoleFile(text: string): DescribedRole[] {
  const parsed = shape.safeParse(parsedYaml(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse('INVALID_INPUT', `${issue?.path.join('.') || 'The file'}: ${issue?.message}`);
  }
  const roles = parsed.data.roles.map((role, place) => saidAt(`roles.${place}`, () => checked(role)));
  assertOnce(
    roles.map(({ name }) => name.toLowerCase()),
    'role',
  );
  return roles;
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof ReferenceError)
      throw refuse('INVALID_INPUT', `The file is neither YAML nor JSON: ${error.message.split('\n')[0]}`);
    throw error;
  }
}

function checked({ name: given, level, description, permissions: listed }: Described): DescribedRole {
  const name = checkedRoleName(given);
  const isSystem = system.includes(name.toLowerCase());
  if (!isSystem && level === undefined) throw refuse('INVALID_INPUT', 'A role needs a level.');
  if (isSystem && level !== undefined) throw refuse('INVALID_INPUT', `The level of ${name} is fixed: leave it out.`);
  const permissions = listed.map((permission, place) =>
    saidAt(`permissions.${place}`, () => checkedPermission(termsIn(permission))),
  );
  assertOnce(
    permissions.map(({ resource, action }) => `${resource}:${action}`),
    'permission',
  );
  return {
    name,
    level: level === undefined ? undefined : checkedLevel(level),
    description: description === undefined ? undefined : checkedDescription(description),
    permissions,
  };
}

function termsIn(permission: Described['permissions'][number]) {
  if (typeof permission !== 'string') return permission;
  const [resource = '', action = '', ...rest] = permission.split(':');
  if (rest.length > 0) throw refuse('INVALID_INPUT', 'A permission is resource:action.');
  return { resource, action };
}

function assertOnce(names: readonly string[], what: string): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw refuse('INVALID_INPUT', `The ${what} ${twice} is described twice.`);
}

/** Adds to the message of a refusal where in the file it arose. */
function saidAt<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.errors.map((each) => ({ ...each, message: `${place}: ${each.message}` })));
  }
}
