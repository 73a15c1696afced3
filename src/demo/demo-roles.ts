import type { NewRole } from '../access/roles/create-role.js';
import type { NewPermission } from '../access/roles/permission-terms.js';

export interface DemoRole extends NewRole {
  readonly permits: readonly NewPermission[];
}

/**
 * The eight roles of the demo. Beside them everybody has `user`.
 * @param since the first instant of the demo's past
 */
export const rolesOf = (since: Date): readonly DemoRole[] => [
  {
    name: 'Reporter',
    description: 'Reads the drafts of the newsroom, publishes own texts',
    level: 10,
    permits: [
      { resource: 'post', action: 'read', conditions: inCategories('news', 'local', 'sport', 'culture') },
      { resource: 'post', action: 'publish', conditions: own },
    ],
  },
  {
    name: 'Moderator',
    description: 'Deletes comments written since the house rules are in force',
    level: 20,
    permits: [{ resource: 'comment', action: 'delete', conditions: { createdAt: { $gte: since.toISOString() } } }],
  },
  {
    name: 'Auditor',
    description: 'Reads accounts, roles and security events; for auditors from outside, for a limited time',
    level: 22,
    permits: [
      { resource: 'user', action: 'read' },
      { resource: 'role', action: 'read' },
      { resource: 'security-event', action: 'read' },
    ],
  },
  {
    name: 'Support',
    description: 'Reads accounts and security events, lifts locks of everybody but administrators',
    level: 45,
    permits: [
      { resource: 'user', action: 'read' },
      { resource: 'user', action: 'unlock', conditions: { isAdmin: false } },
      { resource: 'role', action: 'read' },
      { resource: 'security-event', action: 'read' },
    ],
  },
  {
    name: 'News editor',
    description: 'Reads, changes and publishes posts of the categories news and local',
    level: 30,
    permits: ['read', 'update', 'publish'].map((action) => ({
      resource: 'post',
      action,
      conditions: inCategories('news', 'local'),
    })),
  },
  {
    name: 'Finance',
    description: 'Approves open invoices up to 5,000, and small expenses of others',
    level: 35,
    permits: [
      { resource: 'invoice', action: 'read' },
      { resource: 'invoice', action: 'approve', conditions: { status: 'open', amount: { $lte: 5000 } } },
      {
        resource: 'expense',
        action: 'approve',
        conditions: { amount: { $lt: 200 }, requestedBy: { $ne: `\${user.id}` } },
      },
    ],
  },
  {
    name: 'Personnel',
    description: 'Makes, changes and deactivates accounts of everybody but administrators',
    level: 40,
    permits: [
      { resource: 'user', action: 'read' },
      { resource: 'user', action: 'create' },
      { resource: 'user', action: 'update', conditions: { isAdmin: false } },
      { resource: 'user', action: 'deactivate', conditions: { isAdmin: false } },
      { resource: 'role', action: 'read' },
    ],
  },
  {
    name: 'Editor in chief',
    description: 'Everything about posts and comments; gives roles below level 40',
    level: 60,
    permits: [
      { resource: 'post', action: '*' },
      { resource: 'comment', action: '*' },
      { resource: 'user', action: 'read' },
      { resource: 'role', action: 'read' },
      { resource: 'role', action: 'grant', conditions: { level: { $lt: 40 } } },
    ],
  },
];

const own = { authorId: `\${user.id}` } as const;
const inCategories = (...names: readonly string[]) => ({ category: { $in: names } });

/** From the second week on reporters publish only sport by themselves. */
export const narrowed: NewPermission = {
  resource: 'post',
  action: 'publish',
  conditions: { ...own, category: 'sport' },
};
