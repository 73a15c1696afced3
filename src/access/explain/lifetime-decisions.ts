import type { Asked } from '../../policy/access-check.js';
import { type Answer, answerOf } from './explain.js';
import { accountAt, grantsAt, grantsByRole, type Lifetime, rolesAt } from './lifetime.js';
import { type PastRoles, pastRolesOf, pastWith } from './past.js';

/** Decides one question at many instants as `decideAccess` would, without further statements. */
export class LifetimeDecisions {
  /** Instants at which a role, its name or a permission changed, in order. */
  private readonly roleChanges: readonly number[];
  private readonly grants: ReturnType<typeof grantsByRole>;
  private compiled: { readonly period: number; readonly roles: PastRoles } | undefined;

  /** @param now from then on the present state counts, and only grants begin and end */
  constructor(
    private readonly life: Lifetime,
    private readonly asked: Asked,
    private readonly now: number,
  ) {
    this.grants = grantsByRole(life);
    this.roleChanges = life.roles.flatMap(roleInstants).sort((one, other) => one - other);
  }

  /** @param at in milliseconds since 1970 */
  at(at: number): Answer {
    const known = at < this.now ? at : Number.POSITIVE_INFINITY;
    const record = { account: accountAt(this.life, known), grants: grantsAt(this.grants, at, known) };
    return answerOf(pastWith(record, this.rolesAt(known), new Date(at)), this.asked);
  }

  /** Compiles the roles once for each period in which they stay the same; instants are asked for in order. */
  private rolesAt(known: number): PastRoles {
    const period =
      known === Number.POSITIVE_INFINITY ? known : this.roleChanges.findLastIndex((change) => change <= known);
    if (this.compiled?.period !== period) this.compiled = { period, roles: pastRolesOf(rolesAt(this.life, known)) };
    return this.compiled.roles;
  }
}

/** Every instant at which something about a role began or ended. */
export const roleInstants = ({ createdAt, deletedAt, names, permissions }: Lifetime['roles'][number]): number[] =>
  [
    createdAt,
    deletedAt,
    ...names.map(({ since }) => since),
    ...permissions.flatMap((permission) => [permission.createdAt, permission.removedAt]),
  ].filter((instant): instant is number => typeof instant === 'number');
