import { readFile } from 'node:fs/promises';
import { mostChanges } from '../access/predict/check-role-change.js';
import { previewRoleChange } from '../access/predict/preview-role-change.js';
import { applyRolePlans } from '../access/roles/apply-role-plan.js';
import type { NamedPermissionTerms } from '../access/roles/permission-terms.js';
import { readRoleFile } from '../access/roles/role-file.js';
import { planRoles, type RolePlan } from '../access/roles/role-plan.js';
import { countAffectedUsers } from '../accounts/affected-users.js';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { asOperator, withServices } from '../open-services.js';
import type { Operation } from '../operation.js';
import type { Environment } from './command.js';
import { cell, type Output } from './output.js';
import { readingAll } from './reading-all.js';

export interface Applying {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/**
 * Makes roles as a file describes them: prints what changes and how many people it affects, then does it, all or nothing.
 * @throws Refusal INVALID_INPUT for a file that cannot be used
 */
export async function applyRoles(env: Environment, path: string, options: Applying, output: Output): Promise<void> {
  const described = readRoleFile(await contentOf(path));
  await withServices(loadConfig(env), async (services) => {
    const operation = asOperator(services);
    const { roles } = await services.roleCatalogue.current();
    const plans = planRoles(roles, described, options.prune === true);
    for (const plan of plans) {
      const affected = await affectedBy(operation, plan);
      output.print({ ...shown(plan), affectedUsers: affected }, linesOf(plan, affected).join('\n'));
    }
    if (!options.dryRun && plans.length > 0) await applyRolePlans(operation, plans);
    const applied = options.dryRun ? 0 : plans.length;
    output.print({ applied }, summaryOf(plans.length, options.dryRun === true));
  });
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse('INVALID_INPUT', `${path} cannot be read (${error.code}).`);
  });
}

/**
 * How many people would gain or lose a permission, by the prediction of `previewRoleChange`.
 * @returns null when there are more changes than a prediction takes
 */
async function affectedBy(operation: Operation, { role, isDeleted, additions, removals }: RolePlan) {
  if (!role || (!isDeleted && additions.length + removals.length === 0)) return 0;
  if (Math.max(additions.length, removals.length) > mostChanges) return null;
  const seeing = await readingAll(operation.services);
  const preview = await previewRoleChange(seeing, {
    roleId: role.id,
    ...(isDeleted
      ? { delete: true }
      : { addPermissions: additions, removePermissionIds: removals.map(({ id }) => id) }),
  });
  return countAffectedUsers(seeing, preview);
}

const actionOf = ({ role, isDeleted }: RolePlan) => (isDeleted ? 'delete' : role ? 'change' : 'create');
const signs = { create: '+', change: '~', delete: '-' } as const;

const shown = ({ additions, removals, ...plan }: RolePlan) => ({
  action: actionOf({ additions, removals, ...plan }),
  role: plan.name,
  level: plan.level,
  description: plan.description,
  add: additions,
  remove: removals.map(({ name, resource, action, conditions }) => ({ name, resource, action, conditions })),
});

function linesOf(plan: RolePlan, affected: number | null): string[] {
  const { role, level, description, additions, removals } = plan;
  const action = actionOf(plan);
  const people = affected === null ? 'many people' : affected === 1 ? '1 person' : `${affected} people`;
  const term = ({ resource, action: done, conditions }: Omit<NamedPermissionTerms, 'name'>) =>
    `${resource}:${done}${conditions ? ` when ${JSON.stringify(conditions)}` : ''}`;
  return [
    `${signs[action]} ${cell(plan.name)}: ${action}; affects ${people}`,
    ...(level === undefined ? [] : [`    level ${role ? `${role.level} → ` : ''}${level}`]),
    ...(description === undefined ? [] : ['    another description']),
    ...removals.map((one) => `    - ${term(one)}`),
    ...additions.map((one) => `    + ${term(one)}`),
  ];
}

function summaryOf(count: number, isDry: boolean): string {
  if (count === 0) return 'Every role is as described.';
  const roles = count === 1 ? '1 role' : `${count} roles`;
  return isDry ? `${roles} would change; nothing was done.` : `${roles} changed.`;
}
