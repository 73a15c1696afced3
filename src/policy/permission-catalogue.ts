/** A resource of Gatehouse itself: its actions with descriptions, and the attributes that conditions may use. */
interface Resource {
  readonly actions: Readonly<Record<string, string>>;
  /** Attributes of the object that is acted on. Empty: permissions for this resource take no conditions. */
  readonly attributes: readonly string[];
}

const account = [
  'id',
  'username',
  'email',
  'isAdmin',
  'isActive',
  'isVerified',
  'timezone',
  'language',
  'location',
  'createdAt',
] as const;

/**
 * All permissions of Gatehouse itself. Teams add resources and actions of their own, which are not listed here.
 * src/api/permissions.ts says which operation requires which permission.
 */
export const permissionCatalogue = {
  user: {
    attributes: account,
    actions: {
      read: 'List accounts and read all their fields, roles, grants and sessions',
      create: 'Make accounts',
      update: 'Change accounts and end their sessions',
      deactivate: 'Deactivate and reactivate accounts',
      lock: 'Lock an account for a time',
      unlock: 'Lift the lock of an account',
      delete: 'Delete accounts',
      administer: 'Make and unmake administrators',
    },
  },
  role: {
    attributes: ['id', 'name', 'level', 'isSystem'],
    actions: {
      read: 'List roles and what they permit',
      create: 'Make roles',
      update: 'Change roles and what they permit',
      delete: 'Delete roles',
      grant: 'Give roles to users and take them away',
    },
  },
  'security-event': { attributes: [], actions: { read: 'Read and follow the security events of all accounts' } },
  job: {
    attributes: [],
    actions: { read: 'Read which jobs and mails wait, run or have failed, and why', retry: 'Run failed jobs again' },
  },
  'signing-key': {
    attributes: [],
    actions: {
      read: 'Read which keys sign and verify access tokens',
      rotate: 'Replace the key that signs access tokens',
      revoke: 'Revoke a signing key with all access tokens that it has signed',
    },
  },
  settings: { attributes: [], actions: { read: 'Read the configuration, the version and the health of the service' } },
  profile: {
    attributes: ['userId'],
    actions: { read: 'Read the private fields of an account of their own', update: 'Change a profile of their own' },
  },
  session: { attributes: ['userId'], actions: { read: 'Read and follow sessions of their own' } },
  post: {
    attributes: ['id', 'authorId', 'title', 'category', 'published', 'createdAt', 'updatedAt', 'publishedAt'],
    actions: {
      read: 'Read posts; published ones are public',
      create: 'Write posts',
      update: 'Change posts',
      publish: 'Publish posts and take them back',
      delete: 'Delete posts',
    },
  },
  comment: {
    attributes: ['id', 'postId', 'authorId', 'createdAt', 'updatedAt'],
    actions: { create: 'Comment on posts', update: 'Change comments', delete: 'Delete comments' },
  },
} as const satisfies Record<string, Resource>;

type Catalogue = typeof permissionCatalogue;
/** The name of a permission that Gatehouse itself checks. */
export type OwnPermission = {
  [R in keyof Catalogue]: `${R}:${keyof Catalogue[R]['actions'] & string}`;
}[keyof Catalogue];

/** Permissions for a user's own data; every user has them through the role `user`. */
export type PermissionForOneself = Extract<OwnPermission, `profile:${string}` | `session:${string}`>;

/** @returns the attributes of a resource; undefined for a team's own resource, whose attributes are not known */
export const attributesKnownOf = (resource: string): readonly string[] | undefined =>
  Object.hasOwn(permissionCatalogue, resource)
    ? permissionCatalogue[resource as keyof Catalogue].attributes
    : undefined;

/** @returns the actions of a resource of Gatehouse; none for other resources */
export const actionsKnownOf = (resource: string): readonly string[] =>
  Object.hasOwn(permissionCatalogue, resource)
    ? Object.keys(permissionCatalogue[resource as keyof Catalogue].actions)
    : [];

/** One permission of the catalogue, for those who write roles. */
export interface CatalogueEntry {
  readonly resource: string;
  readonly action: string;
  readonly description: string;
  readonly attributes: readonly string[];
}

export const catalogueEntries: readonly CatalogueEntry[] = Object.entries(permissionCatalogue).flatMap(
  ([resource, { actions, attributes }]) =>
    Object.entries(actions).map(([action, description]) => ({ resource, action, description, attributes })),
);

export const mostAttributes = Math.max(...catalogueEntries.map(({ attributes }) => attributes.length));
