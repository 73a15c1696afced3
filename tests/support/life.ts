import fc from 'fast-check';
import type { Client } from './client.js';
import { type Harness, password } from './harness.js';
import { type Attributes, conditionsOf, Replay, type Term, termNames } from './replay.js';

/** Number of accounts of this test file, for their names. */
let people = 0;

const steps = [
  'createRole',
  'renameRole',
  'deleteRole',
  'addPermission',
  'addPermission',
  'addPermission',
  'removePermission',
  'removePermission',
  'grantRole',
  'grantRole',
  'grantRole',
  'revokeRole',
  'deactivateUser',
  'reactivateUser',
  'setAdministrator',
  'changeEmail',
] as const;

export const arbitraryStep = fc.record({
  step: fc.constantFrom(...steps),
  /** Milliseconds until the next step; two steps often share an instant. */
  wait: fc.constantFrom(0, 0, 1, 2, 1000),
  role: fc.nat(1),
  end: fc.constantFrom(null, null, 1, 2, 3, 1000),
  resource: fc.constantFrom('post', 'post', '*'),
  action: fc.constantFrom('read', 'read', '*'),
  term: fc.constantFrom('always', 'always', ...termNames),
  flag: fc.boolean(),
});
export type Step = typeof arbitraryStep extends fc.Arbitrary<infer T> ? T : never;

export const arbitraryCheck = fc.record({
  resource: fc.constantFrom('post', 'post', 'post', 'document'),
  action: fc.constantFrom('read', 'read', 'read', 'edit'),
  isOwner: fc.boolean(),
  mail: fc.nat(3),
  role: fc.nat(3),
  due: fc.integer({ min: -3, max: 10 }),
});
export type Check = typeof arbitraryCheck extends fc.Arbitrary<infer T> ? T : never;

/**
 * The history of one account and up to three roles. Changes are made through the service where it has a use-case for
 * them.
 */
export class Life {
  readonly replay: Replay;
  readonly names = ['user', 'admin'];
  readonly addresses: string[];
  readonly began: Date;
  private readonly roles: (string | undefined)[] = [];
  private count = 0;

  private readonly number = people;

  private constructor(
    private readonly harness: Harness,
    private readonly admin: Client,
    readonly userId: string,
    email: string,
  ) {
    this.began = harness.clock.now();
    this.replay = new Replay(userId);
    this.addresses = [email];
    this.replay.note(this.began, (state) => {
      state.email = email;
    });
  }

  /** @param admin is signed in */
  static async begin(harness: Harness, admin: Client): Promise<Life> {
    people += 1;
    const [username, email] = [`person${people}`, `person${people}@example.com`];
    const made = await admin.mutate('createUser', { username, email, password }, 'user { id }');
    return new Life(harness, admin, String(made['user']?.['id']), email);
  }

  live(step: Step): Promise<void> {
    return this[step.step](step);
  }

  attributesOf({ isOwner, mail, role, due }: Check): Attributes {
    return {
      owner: isOwner ? this.userId : 'nobody',
      mail: this.addresses[mail] ?? 'nowhere@example.com',
      role: this.names[role] ?? 'no role',
      due: new Date(this.began.getTime() + due).toISOString(),
    };
  }

  private get now(): Date {
    return this.harness.clock.now();
  }

  private sql(text: string, values: readonly unknown[]) {
    return this.harness.app.services.database.sql.rows(text, values as never);
  }

  /** @returns whether the mutation succeeded */
  private async did(mutation: string, input: object, fields: string): Promise<boolean> {
    const payload = await this.admin.mutate(mutation, { userId: this.userId, ...input }, fields);
    return (payload['errors'] as never as unknown[]).length === 0;
  }

  private newName(): string {
    this.count += 1;
    const name = `role ${this.number} ${this.count}`;
    this.names.push(name);
    return name;
  }

  private async createRole({ role }: Step) {
    if (!this.roles[role]) await this.madeRole(role);
  }

  private async madeRole(role: number): Promise<string> {
    const name = this.newName();
    const made = await this.admin.mutate('createRole', { name, level: 10 }, 'role { id }');
    const id = String(made['role']?.['id']);
    this.roles[role] = id;
    this.replay.note(this.now, ({ roles }) => roles.set(id, { name, isDeleted: false, permissions: new Map() }));
    return id;
  }

  private async renameRole({ role }: Step) {
    const id = this.roles[role];
    if (!id) return;
    const name = this.newName();
    const text = `with renamed as (update roles set name = $2, updated_at = $3 where id = $1)
      insert into role_names (role_id, name, since) values ($1, $2, $3)`;
    await this.sql(text, [id, name, this.now]);
    this.replay.note(this.now, ({ roles }) => Object.assign(roles.get(id) ?? {}, { name }));
  }

  private async deleteRole({ role }: Step) {
    const id = this.roles[role];
    if (!id) return;
    await this.sql('update roles set deleted_at = $2 where id = $1', [id, this.now]);
    this.roles[role] = undefined;
    this.replay.note(this.now, ({ roles }) => Object.assign(roles.get(id) ?? {}, { isDeleted: true }));
  }

  private async addPermission({ role, resource, action, term }: Step) {
    const id = this.roles[role] ?? (await this.madeRole(role));
    if (this.permissionOf(id, resource, action)) return;
    const permissionId = crypto.randomUUID();
    const conditions = conditionsOf(term as Term);
    await this.sql(
      `insert into permissions (id, role_id, name, resource, action, conditions, created_at)
       values ($1, $2, '', $3, $4, $5, $6)`,
      [permissionId, id, resource, action, conditions && JSON.stringify(conditions), this.now],
    );
    this.replay.note(this.now, ({ roles }) => roles.get(id)?.permissions.set(permissionId, { resource, action, term }));
  }

  private async removePermission({ role, resource, action }: Step) {
    const id = this.roles[role];
    const permissionId = id && this.permissionOf(id, resource, action);
    if (!permissionId) return;
    await this.sql('update permissions set removed_at = $2 where id = $1', [permissionId, this.now]);
    this.replay.note(this.now, ({ roles }) => roles.get(id)?.permissions.delete(permissionId));
  }

  private permissionOf(roleId: string, resource: string, action: string): string | undefined {
    const held = this.replay.stateAt(this.now.getTime())?.roles.get(roleId)?.permissions ?? new Map();
    return [...held].find(([, one]) => one.resource === resource && one.action === action)?.[0];
  }

  private async grantRole({ role, end }: Step) {
    const roleId = this.roles[role] ?? (await this.madeRole(role));
    const expiresAt = end === null ? null : this.now.getTime() + end;
    const input = { roleId, expiresAt: expiresAt && new Date(expiresAt).toISOString() };
    if (!(await this.did('grantRole', input, 'grant { id }'))) return;
    const now = this.now.getTime();
    this.replay.note(this.now, ({ grants }) => {
      const standing = grants.find((grant) => this.stands(grant, roleId, now));
      if (standing && standing.expiresAt === expiresAt) return;
      if (standing) standing.isRevoked = true;
      grants.push({ roleId, expiresAt, isRevoked: false });
    });
  }

  private async revokeRole({ role }: Step) {
    const roleId = this.roles[role];
    if (!roleId || !(await this.did('revokeRole', { roleId }, 'grant { id }'))) return;
    const now = this.now.getTime();
    this.replay.note(this.now, ({ grants }) => {
      for (const grant of grants) if (this.stands(grant, roleId, now)) grant.isRevoked = true;
    });
  }

  private stands(grant: { roleId: string; expiresAt: number | null; isRevoked: boolean }, roleId: string, now: number) {
    return grant.roleId === roleId && !grant.isRevoked && (grant.expiresAt === null || grant.expiresAt > now);
  }

  private async deactivateUser() {
    if (await this.did('deactivateUser', {}, 'user { id }'))
      this.replay.note(this.now, (state) => {
        state.isActive = false;
      });
  }

  private async reactivateUser() {
    if (await this.did('reactivateUser', {}, 'user { id }'))
      this.replay.note(this.now, (state) => {
        state.isActive = true;
      });
  }

  private async setAdministrator({ flag }: Step) {
    if (await this.did('setAdministrator', { isAdmin: flag }, 'user { id }'))
      this.replay.note(this.now, (state) => {
        state.isAdmin = flag;
      });
  }

  private async changeEmail() {
    this.count += 1;
    const email = `person${this.number}.${this.count}@example.com`;
    if (!(await this.did('updateUser', { email }, 'user { id }'))) return;
    this.addresses.push(email);
    this.replay.note(this.now, (state) => {
      state.email = email;
    });
  }
}
