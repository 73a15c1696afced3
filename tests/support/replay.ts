import { placeholder } from './arbitrary-conditions.js';

/** The state of an account at an instant, computed independently of the service by replaying its history. */
export interface State {
  isActive: boolean;
  isAdmin: boolean;
  email: string;
  /** Roles by id. */
  readonly roles: Map<string, { name: string; isDeleted: boolean; readonly permissions: Map<string, Permitted> }>;
  readonly grants: { readonly roleId: string; readonly expiresAt: number | null; isRevoked: boolean }[];
}

interface Permitted {
  readonly resource: string;
  readonly action: string;
  readonly term: Term;
}

export interface Attributes {
  readonly owner: string;
  readonly mail: string;
  readonly role: string;
  readonly due: string;
}

interface Scene {
  readonly userId: string;
  readonly at: number;
  readonly state: State;
  readonly attributes: Attributes;
}

/** Conditions, each with its equivalent in TypeScript. */
const terms = {
  always: [null, () => true],
  own: [{ owner: placeholder('user.id') }, ({ attributes, userId }) => attributes.owner === userId],
  addressed: [{ mail: { $ne: placeholder('user.email') } }, ({ attributes, state }) => attributes.mail !== state.email],
  inRole: [{ role: { $in: placeholder('user.roles') } }, (scene) => namesHeld(scene).includes(scene.attributes.role)],
  due: [{ due: { $lte: placeholder('now') } }, ({ attributes, at }) => new Date(attributes.due).getTime() <= at],
} as const satisfies Record<string, readonly [object | null, (scene: Scene) => boolean]>;
export type Term = keyof typeof terms;
export const termNames = Object.keys(terms) as Term[];
export const conditionsOf = (term: Term): object | null => terms[term][0];

function isHeld({ state, at }: Scene, { roleId, expiresAt, isRevoked }: State['grants'][number]): boolean {
  const isOver = expiresAt !== null && expiresAt <= at;
  return !isRevoked && !isOver && state.roles.get(roleId)?.isDeleted === false;
}

const heldRoles = (scene: Scene) =>
  scene.state.grants
    .filter((grant) => isHeld(scene, grant))
    .flatMap(({ roleId }) => {
      const role = scene.state.roles.get(roleId);
      return role ? [role] : [];
    });

const namesHeld = (scene: Scene): string[] => [
  'user',
  ...(scene.state.isAdmin ? ['admin'] : []),
  ...heldRoles(scene).map(({ name }) => name),
];

const isOne = (asked: string, held: string) => held === '*' || held === asked;

export class Replay {
  private readonly events: { readonly at: number; readonly change: (state: State) => void }[] = [];

  constructor(readonly userId: string) {}

  note(at: Date, change: (state: State) => void): void {
    this.events.push({ at: at.getTime(), change });
  }

  get instants(): number[] {
    return this.events.map(({ at }) => at);
  }

  /** The state after all events up to this instant; undefined before the first. */
  stateAt(at: number): State | undefined {
    const past = this.events.filter((event) => event.at <= at);
    if (past.length === 0) return undefined;
    const state: State = { isActive: true, isAdmin: false, email: '', roles: new Map(), grants: [] };
    for (const { change } of past) change(state);
    return state;
  }

  /** The expected decision, with the number of satisfied paths. */
  answer(at: number, resource: string, action: string, attributes: Attributes) {
    const state = this.stateAt(at);
    if (!state) return { isThere: false, isActive: false, isAdmin: false, satisfied: 0, allowed: false };
    const scene = { userId: this.userId, at, state, attributes };
    const satisfied = heldRoles(scene)
      .flatMap(({ permissions }) => [...permissions.values()])
      .filter((held) => isOne(resource, held.resource) && isOne(action, held.action))
      .filter(({ term }) => terms[term][1](scene)).length;
    const { isActive, isAdmin } = state;
    return { isThere: true, isActive, isAdmin, satisfied, allowed: isActive && (isAdmin || satisfied > 0) };
  }
}
