import { addPermission } from '../access/roles/add-permission.js';
import { createRole } from '../access/roles/create-role.js';
import { removePermission } from '../access/roles/remove-permission.js';
import { createUser } from '../accounts/create-user.js';
import { updateProfile } from '../accounts/update-profile.js';
import { asSystem } from '../open-services.js';
import type { Operation } from '../operation.js';
import { type Calendar, pastDays } from './calendar.js';
import { narrowed, rolesOf } from './demo-roles.js';
import type { Scene } from './scene.js';
import { type Employee, emailOf, places, staff } from './staff.js';
import type { Stage } from './stage.js';

/** The administrator, who makes the roles. */
export const administrator = 'ines.duarte';
const otherAdministrator = 'tomasz.zielinski';

/** The first day: accounts and roles; later those who join, and a role that is narrowed. */
export const founding = (calendar: Calendar): readonly Scene[] => [
  { at: calendar.on(pastDays, 7, 30), play: (stage) => makeAccount(stage, asSystem(stage.services), administrator) },
  // Soon enough before the second administrator is made, which takes a recent sign-in.
  { at: calendar.on(pastDays, 8, 2), play: (stage) => makeRoles(stage, calendar.on(pastDays, 7)) },
  { at: calendar.on(pastDays, 8, 5), play: takePublishingAway },
  ...founders.map((username, index) => ({
    at: calendar.on(pastDays, 8, 10 + index),
    play: (stage: Stage) => makeAccountAs(stage, administrator, username),
  })),
  ...employed.map((person, index) => ({
    at: person.joined === undefined ? calendar.on(pastDays, 10, index) : calendar.on(person.joined, 8, index),
    play: (stage: Stage) => makeAccountAs(stage, 'ayesha.khan', person.username),
  })),
  ...staff.map((person, index) => ({
    at: calendar.on(person.joined === undefined ? pastDays - 1 : person.joined - 1, 8, index),
    play: (stage: Stage) => describeOneself(stage, person),
  })),
  { at: calendar.on(21, 11), play: narrowPublishing },
];

/** Made by the administrator; they give roles or make accounts themselves. */
const founders = [otherAdministrator, 'kwame.mensah', 'ayesha.khan', 'marta.lindqvist'];
const employed = staff.filter(({ username }) => username !== administrator && !founders.includes(username));

const makeAccountAs = (stage: Stage, maker: string, username: string): Promise<void> =>
  stage.act(maker, (operation) => makeAccount(stage, operation, username));

async function makeAccount(stage: Stage, operation: Operation, username: string): Promise<void> {
  const { firstName, lastName } = staff.find((person) => person.username === username) ?? {};
  const isAdmin = username === administrator || username === otherAdministrator;
  const account = { username, email: emailOf(username), firstName, lastName, isAdmin };
  stage.users.add(username, await createUser(operation, { ...account, password: stage.passwordOf(username) }));
}

async function makeRoles(stage: Stage, since: Date): Promise<void> {
  const operation = await stage.as(administrator);
  for (const { permits, ...terms } of rolesOf(since)) {
    const role = await createRole(operation, terms);
    stage.roles.add(role.name, role);
    for (const permission of permits) await addPermission(operation, { roleId: role.id, ...permission });
  }
}

const publishingOf = `
  select p.id from permissions p join roles r on r.id = p.role_id
  where r.name = $1 and p.resource = 'post' and p.action = 'publish' and p.removed_at is null`;

async function stopPublishing(stage: Stage, role: string): Promise<void> {
  const found = await stage.services.database.sql.row<{ id: string }>(publishingOf, [role]);
  if (found) await stage.act(administrator, (operation) => removePermission(operation, { permissionId: found.id }));
}

/** At a newspaper not everybody publishes. */
const takePublishingAway = (stage: Stage): Promise<void> => stopPublishing(stage, 'user');

async function narrowPublishing(stage: Stage): Promise<void> {
  await stopPublishing(stage, 'Reporter');
  const roleId = stage.roles.get('Reporter');
  await stage.act(administrator, (operation) => addPermission(operation, { roleId, ...narrowed }));
}

async function describeOneself(stage: Stage, { username, city }: Employee): Promise<void> {
  const [timezone, language] = places[city] ?? [];
  await updateProfile(await stage.as(username), { location: city, timezone, language });
}
