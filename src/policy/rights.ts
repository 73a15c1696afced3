import type { Clock } from '../clock.js';
import type { Attributes, Binding } from './condition-matching.js';
import { attributesKnownOf, type OwnPermission } from './permission-catalogue.js';
import { named, type PermissionName } from './permission-name.js';
import {
  type BookedPermission,
  covers,
  type Extent,
  type PermissionTerms,
  Question,
  type RoleBook,
  type RuleSet,
  reaches,
  wildcard,
} from './role-book.js';

/** A role held from `from` until before `until`, both in milliseconds since 1970. */
interface HeldRole {
  readonly roleId: string;
  readonly from: number;
  readonly until: number;
}

/** The facts about an account that access decisions depend on. */
export interface Standing {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  readonly held: readonly HeldRole[];
}

/** The level of administrators, whatever roles they hold. */
export const administratorLevel = 100;

/** The rules in force between two changes of the held roles; times in milliseconds since 1970. */
interface Period {
  readonly from: number;
  readonly until: number;
  readonly rules: RuleSet;
  readonly binding: Binding;
}

const nothing: Attributes = {};

/**
 * Decides what an account may do. Rules, use-cases, list filters and explanations all ask this class. A decision sends
 * no statement: it uses what was read before and the clock, because grants begin and end by themselves.
 *
 * @example
 * rights.may('post:update', { id: '1', authorId: '7' })
 */
export class Rights {
  private period: Period | undefined;

  /** @param scopes scopes of an API token, which limit every decision; null for a session */
  constructor(
    readonly standing: Standing,
    private readonly book: RoleBook,
    private readonly clock: Clock,
    readonly scopes: readonly string[] | null = null,
  ) {}

  /** @param attributes of the object that is acted on; a condition on any other attribute sees it as missing */
  may(permission: PermissionName, attributes: Attributes = nothing): boolean {
    const { resource, action } = named(permission);
    return this.allows(action, resource, attributes);
  }

  /** Like `may`, with action and resource apart; `*` requires a permission for everything. */
  allows(action: string, resource: string, attributes: Attributes = nothing): boolean {
    if (!this.standing.isActive || !this.isInScope(action, resource)) return false;
    if (this.standing.isAdmin) return true;
    const { rules, binding } = this.now;
    return rules.allows(action, new Question(resource, attributes, binding));
  }

  /**
   * How far the permission reaches. `some` means that it depends on the object's attributes; ask `may` once they are
   * known.
   */
  extentOf(permission: OwnPermission): Extent {
    const { resource, action } = named(permission);
    if (!this.standing.isActive || !this.isInScope(action, resource)) return 'none';
    if (this.standing.isAdmin) return 'all';
    const extent = this.rules.extentOf(action, resource);
    // A resource without attributes: whether the conditions of a permission for `*` match can be decided right away.
    if (extent !== 'some' || attributesKnownOf(resource)?.length !== 0) return extent;
    return this.allows(action, resource) ? 'all' : 'none';
  }

  /** True when the account may hand out this permission: it holds it, without conditions or with the same ones. */
  covers(terms: PermissionTerms): boolean {
    if (!this.standing.isActive || !this.isInScope(terms.action, terms.resource)) return false;
    return this.standing.isAdmin || covers(this.rules.permissions, terms);
  }

  /**
   * True when the account holds a permission, conditions or not, that applies to a scope `resource:action`. The scope
   * `resource:*` requires a permission for every action.
   */
  reaches(scope: string): boolean {
    const { action, resource } = named(scope as PermissionName);
    return this.standing.isAdmin || this.rules.permissions.some((held) => reaches(held, action, resource));
  }

  /** @returns the permissions that apply to this name, whether or not their conditions match */
  matching(permission: PermissionName): BookedPermission[] {
    const { action, resource } = named(permission);
    return this.rules.matching(action, resource);
  }

  /** The level of the highest role held at present; -1 without a role. */
  get level(): number {
    return this.standing.isAdmin ? administratorLevel : this.rules.level;
  }

  /**
   * The permissions of the roles held at present; none for a deactivated account. Administrators may do everything
   * beyond these; an API token is limited to its scopes, which this list ignores.
   */
  get permissions(): readonly BookedPermission[] {
    return this.standing.isActive ? this.rules.permissions : [];
  }

  /** When the last grant of the role ends, in milliseconds since 1970; -Infinity when the role is not held. */
  heldUntil(roleId: string): number {
    const grants = this.standing.held.filter((one) => one.roleId === roleId);
    return Math.max(Number.NEGATIVE_INFINITY, ...grants.map(({ until }) => until));
  }

  /** Rights of the same account at each future instant before `until` at which one of its grants ends. */
  atEndsBefore(until: number): Rights[] {
    const now = this.clock.now().getTime();
    // Rows hold microseconds, the clock milliseconds: rounded up, the grant has ended.
    const ends = this.standing.held.map((held) => Math.ceil(held.until)).filter((end) => end > now && end < until);
    return [...new Set(ends)].map(
      (end) => new Rights(this.standing, this.book, { now: () => new Date(end) }, this.scopes),
    );
  }

  get rules(): RuleSet {
    return this.now.rules;
  }

  /** Values for the placeholders in conditions. */
  get binding(): Binding {
    return this.now.binding;
  }

  /** True when the scopes of the API token include the permission; always true for sessions, which have no scopes. */
  isInScope(action: string, resource: string): boolean {
    if (!this.scopes) return true;
    return this.scopes.includes(`${resource}:${action}`) || this.scopes.includes(`${resource}:${wildcard}`);
  }

  /**
   * The period that the clock is in. Without a future change the clock is not read: that takes as long as a decision.
   */
  private get now(): Period {
    const { period } = this;
    if (period?.until === Number.POSITIVE_INFINITY) return period;
    const instant = this.clock.now().getTime();
    if (period && instant >= period.from && instant < period.until) return period;
    this.period = this.begin(instant);
    return this.period;
  }

  private begin(instant: number): Period {
    const { held, userId, email } = this.standing;
    const bounds = held.flatMap(({ from, until }) => [from, until]);
    const rules = this.book.rulesOf(
      held.filter(({ from, until }) => from <= instant && instant < until).map(({ roleId }) => roleId),
    );
    const { clock } = this;
    return {
      from: Math.max(Number.NEGATIVE_INFINITY, ...bounds.filter((bound) => bound <= instant)),
      until: Math.min(Number.POSITIVE_INFINITY, ...bounds.filter((bound) => bound > instant)),
      rules,
      binding: {
        user: { id: userId, email, roles: rules.names },
        get now() {
          return clock.now();
        },
      },
    };
  }
}
