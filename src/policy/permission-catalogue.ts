/** An own resource of the service: its actions in plain words, and the attributes conditions may ask for. */
interface Resource {
  readonly actions: Readonly<Record<string, string>>;
  /** Of the object that is acted on; none: the permission takes no conditions. */
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
 * What can be permitted in Gatehouse itself. Teams name resources and actions of their own beside these; what stands
 * here is what the service asks for, and api/permissions.ts says where.
 */
export const permissionCatalogue = {
  user: {
    attributes: account,
    actions: {
      read: 'List accounts and read all their fields, roles, grants and sessions',
      create: 'Make accounts',
      update: 'Change accounts and end their sessions',
      deactivate: 'Deactivate and reactivate accounts',
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
/** A permission the service itself asks for. */
export type OwnPermission = {
  [R in keyof Catalogue]: `${R}:${keyof Catalogue[R]['actions'] & string}`;
}[keyof Catalogue];

/** For what has an owner: everyone may do this to what is their own, by the role `user`. */
export type PermissionForOneself = Extract<OwnPermission, `profile:${string}` | `session:${string}`>;

/** @returns undefined for resources that are not the service's own: their attributes are not known */
export const attributesKnownOf = (resource: string): readonly string[] | undefined =>
  Object.hasOwn(permissionCatalogue, resource)
    ? permissionCatalogue[resource as keyof Catalogue].attributes
    : undefined;

/** @returns of an own resource; none of others */
export const actionsKnownOf = (resource: string): readonly string[] =>
  Object.hasOwn(permissionCatalogue, resource)
    ? Object.keys(permissionCatalogue[resource as keyof Catalogue].actions)
    : [];

/** One thing that can be permitted, for those who write permissions. */
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
