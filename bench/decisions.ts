import { createMongoAbility, subject } from '@casl/ability';
import { systemClock } from '../src/clock.js';
import { Rights } from '../src/policy/rights.js';
import { bookOf, type PermissionRow } from '../src/policy/role-book.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { interleaved, median } from './statistics.js';

const [userId, roleId] = ['0b7d7b1e-3c60-4d7c-8d4e-0f2a3b4c5d6e', '5f0c6f0e-92a1-4a39-9a5b-6d0d6a1c7b11'];
const me = ['$', '{user.id}'].join('');
const permission = (resource: string, action: string, conditions: PermissionRow['conditions'] = null) => ({
  id: `${resource}:${action}`,
  roleId,
  name: `${resource}:${action}`,
  resource,
  action,
  conditions,
});

/** 25 permissions without conditions and 5 with. */
const resources = ['invoice', 'order', 'customer', 'report', 'ticket'];
const permissions: readonly PermissionRow[] = [
  ...resources.flatMap((resource) =>
    ['read', 'create', 'update', 'delete', 'export'].map((action) => permission(resource, action)),
  ),
  permission('post', 'read', { published: true }),
  permission('post', 'update', { authorId: me }),
  permission('post', 'delete', { authorId: me, published: false }),
  permission('comment', 'update', { authorId: { $eq: me }, edits: { $lt: 5 } }),
  permission('document', 'read', { 'folder.owner': { $in: [me, 'everyone'] }, status: { $ne: 'archived' } }),
];

interface Check {
  readonly action: string;
  readonly resource: string;
  readonly attributes: Record<string, unknown>;
}

const other = 'somebody else';
/** Allowed and refused checks, with and without conditions, in a mixture typical of an application. */
const checks: readonly Check[] = [
  ...resources.flatMap((resource) => [
    { action: 'read', resource, attributes: { id: 1 } },
    { action: 'approve', resource, attributes: { id: 1 } },
  ]),
  ...[userId, other].flatMap((authorId) => [
    { action: 'read', resource: 'post', attributes: { authorId, published: true } },
    { action: 'update', resource: 'post', attributes: { authorId, published: true } },
    { action: 'delete', resource: 'post', attributes: { authorId, published: authorId === userId } },
    { action: 'update', resource: 'comment', attributes: { authorId, edits: 3 } },
    { action: 'read', resource: 'document', attributes: { folder: { owner: authorId }, status: 'open' } },
  ]),
];

const now = new Date();
const role = { id: roleId, name: 'bench', level: 10, version: 1, isSystem: false, createdAt: now, updatedAt: now };

/**
 * Measures decisions for a signed-in caller against plain CASL with the same rules and placeholders already filled in.
 */
export async function decisions(_stage: unknown, { rounds, seconds }: Plan): Promise<Result> {
  const held = [{ roleId, from: 0, until: Number.POSITIVE_INFINITY }];
  const standing = { userId, email: 'me@example.com', isActive: true, isAdmin: false, held };
  const rights = new Rights(standing, bookOf([{ ...role, permissions }]), systemClock);
  const filledIn = JSON.parse(JSON.stringify(permissions).replaceAll(me, userId)) as PermissionRow[];
  const ability = createMongoAbility(
    filledIn.map(({ action, resource, conditions }) => ({
      action,
      subject: resource,
      ...(conditions && { conditions }),
    })),
  );
  const subjects = checks.map(({ resource, attributes }) => subject(resource, { ...attributes }));
  const at = (place: number) => checks[place] as Check;
  const ours = (place: number) => rights.allows(at(place).action, at(place).resource, at(place).attributes);
  const theirs = (place: number) => ability.can(at(place).action, subjects[place] ?? 'nothing');
  if (checks.some((_check, place) => ours(place) !== theirs(place))) throw new Error('The answers differ');
  const work = { floor: async () => perSecond(theirs, seconds), service: async () => perSecond(ours, seconds) };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  const [floor, service] = [median(measured.floor), median(measured.service)];
  return {
    scenario: 'decisions',
    floor: `${millions(floor)}/s`,
    service: `${millions(service)}/s`,
    ratio: service / floor,
    target: { atLeast: 0.8 },
    notes: ['30 rules, 5 with conditions; the floor is createMongoAbility of @casl/ability'],
  };
}

const millions = (count: number): string => `${(count / 1e6).toFixed(2)} million`;

/** @param decide makes the decision for the check at an index; the result is decisions per second */
function perSecond(decide: (place: number) => boolean, seconds: number): number {
  const start = performance.now();
  let [decided, allowed] = [0, 0];
  while (performance.now() - start < seconds * 1000) {
    for (let turn = 0; turn < 100; turn++)
      for (let place = 0; place < checks.length; place++) if (decide(place)) allowed += 1;
    decided += 100 * checks.length;
  }
  if (allowed === 0) throw new Error('Nothing was allowed');
  return (decided * 1000) / (performance.now() - start);
}
