import type { Clock } from '../clock.js';
import type { Attributes, Binding } from './condition-matching.js';
import { attributesKnownOf, type OwnPermission } from './permission-catalogue.js';
import { named, type PermissionName } from './permission-name.js';
import {
  type BookedPermission,
  covers,
  type Extent,
  Question,
  type RoleBook,
  type RuleSet,
  reaches,
  type Terms,
  wildcard,
} from './role-book.js';

/** A role held from an instant until before another, both in milliseconds since 1970. */
interface HeldRole {
  readonly roleId: string;
  readonly from: number;
  readonly until: number;
}

/** How an account stands: all that decisions ask of it. */
export interface Standing {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  readonly held: readonly HeldRole[];
}

/** Of administrators, whatever roles they hold. */
export const administratorLevel = 100;

/** What holds of a caller until the next of their grants begins or ends. */
interface Period {
  readonly from: number;
  readonly until: number;
  readonly rules: RuleSet;
  readonly binding: Binding;
}

const nothing: Attributes = {};

/**
 * The one place where it is decided what somebody may do: rules, use-cases, filters of lists and explanations all
 * ask here. Costs no statement: it looks at the clock, since a grant ends by itself, and at what was read before.
 */
export class Rights {
  private period: Period | undefined;

  /** @param scopes of an API token, which narrow everything; null: of no token */
  constructor(
    readonly standing: Standing,
    private readonly book: RoleBook,
    private readonly clock: Clock,
    readonly scopes: readonly string[] | null = null,
  ) {}

  /** @param attributes of what it would be done to; a condition that asks for others is not met by them */
  may(permission: PermissionName, attributes: Attributes = nothing): boolean {
    const { resource, action } = named(permission);
    return this.allows(action, resource, attributes);
  }

  allows(action: string, resource: string, attributes: Attributes = nothing): boolean {
    if (!this.standing.isActive || !this.isInScope(action, resource)) return false;
    if (this.standing.isAdmin) return true;
    const { rules, binding } = this.now;
    return rules.allows(action, new Question(resource, attributes, binding));
  }

  /** How far the permission reaches; what depends on attributes is asked again where they are known. */
  extentOf(permission: OwnPermission): Extent {
    const { resource, action } = named(permission);
    if (!this.standing.isActive || !this.isInScope(action, resource)) return 'none';
    if (this.standing.isAdmin) return 'all';
    const extent = this.rules.extentOf(action, resource);
    // Conditions of a permission for any resource: what has no attributes meets or misses them at once.
    if (extent !== 'some' || attributesKnownOf(resource)?.length !== 0) return extent;
    return this.allows(action, resource) ? 'all' : 'none';
  }

  /** Whether all of this is theirs to hand out: they hold it as wide, or wider. */
  covers(terms: Terms): boolean {
    if (!this.standing.isActive || !this.isInScope(terms.action, terms.resource)) return false;
    return this.standing.isAdmin || covers(this.rules.permissions, terms);
  }

  /** Whether they hold a permission, if only under conditions, for this action on this resource; `*`: for any. */
  reaches(scope: string): boolean {
    const { action, resource } = named(scope as PermissionName);
    return this.standing.isAdmin || this.rules.permissions.some((held) => reaches(held, action, resource));
  }

  /** What is asked about a permission, whether or not its conditions are met. */
  matching(permission: PermissionName): BookedPermission[] {
    const { action, resource } = named(permission);
    return this.rules.matching(action, resource);
  }

  /** Of their highest role now; -1 without any. */
  get level(): number {
    return this.standing.isAdmin ? administratorLevel : this.rules.level;
  }

  /** What the roles held now permit. An administrator may do everything beside; a token nothing beyond its scopes. */
  get permissions(): readonly BookedPermission[] {
    return this.standing.isActive ? this.rules.permissions : [];
  }

  /** Until when they hold a role at the longest, in milliseconds since 1970; -Infinity: not at all. */
  heldUntil(roleId: string): number {
    const grants = this.standing.held.filter((one) => one.roleId === roleId);
    return Math.max(Number.NEGATIVE_INFINITY, ...grants.map(({ until }) => until));
  }

  /** The same account at each instant that is to come, and lies before the given one, at which something ends that it holds. */
  atEndsBefore(until: number): Rights[] {
    const now = this.clock.now().getTime();
    // Rows have microseconds, clocks milliseconds: a grant is over by the next one.
    const ends = this.standing.held.map((held) => Math.ceil(held.until)).filter((end) => end > now && end < until);
    return [...new Set(ends)].map(
      (end) => new Rights(this.standing, this.book, { now: () => new Date(end) }, this.scopes),
    );
  }

  get rules(): RuleSet {
    return this.now.rules;
  }

  /** What the placeholders of conditions stand for. */
  get binding(): Binding {
    return this.now.binding;
  }

  /** Sessions have no scopes: they may whatever their user may. */
  isInScope(action: string, resource: string): boolean {
    if (!this.scopes) return true;
    return this.scopes.includes(`${resource}:${action}`) || this.scopes.includes(`${resource}:${wildcard}`);
  }

  /** While nothing held has an end the clock need not be read, which takes as long as a decision. */
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
    const turns = held.flatMap(({ from, until }) => [from, until]);
    const rules = this.book.rulesOf(
      held.filter(({ from, until }) => from <= instant && instant < until).map(({ roleId }) => roleId),
    );
    const { clock } = this;
    return {
      from: Math.max(Number.NEGATIVE_INFINITY, ...turns.filter((turn) => turn <= instant)),
      until: Math.min(Number.POSITIVE_INFINITY, ...turns.filter((turn) => turn > instant)),
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
