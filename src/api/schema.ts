import 'reflect-metadata';
import { type GraphQLObjectType, type GraphQLSchema, isAbstractType } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { AccessResolver } from '../access/explain/access.resolver.js';
import { PermissionTotalResolver, RoleGrantTotalResolver, RoleTotalResolver } from '../access/role.type.js';
import { PermissionResolver, RoleGrantResolver, RoleResolver } from '../access/roles/role.resolver.js';
import { RoleEditingResolver } from '../access/roles/role-editing.resolver.js';
import { RolePowersResolver } from '../access/roles/role-powers.resolver.js';
import { AdministrationResolver } from '../accounts/administration.resolver.js';
import { RegistrationResolver } from '../accounts/registration.resolver.js';
import { AffectedUserConnectionResolver, RoleChangePreviewResolver } from '../accounts/role-change-preview.resolver.js';
import { UserConnectionResolver, UserResolver } from '../accounts/user.resolver.js';
import {
  EventUsersResolver,
  GrantUsersResolver,
  RoleMembersResolver,
  SessionUserResolver,
  UserAccessResolver,
  UserSessionsResolver,
} from '../accounts/user-fields.resolver.js';
import { UserRightsResolver } from '../accounts/user-rights.resolver.js';
import { ApiTokenResolver } from '../api-tokens/api-token.resolver.js';
import { ApiTokenTotalResolver } from '../api-tokens/api-token.type.js';
import { AccountResolver } from '../authentication/account.resolver.js';
import { AuthenticationResolver } from '../authentication/authentication.resolver.js';
import { EmailChangeResolver } from '../authentication/email-change/email-change.resolver.js';
import { PasswordResolver } from '../authentication/password.resolver.js';
import { PasswordStrengthResolver } from '../authentication/passwords/password-strength.resolver.js';
import { TwoFactorResolver } from '../authentication/two-factor.resolver.js';
import { CommentConnectionResolver, CommentResolver, PostCommentsResolver } from '../content/comment.resolver.js';
import { PostConnectionResolver, PostResolver } from '../content/post.resolver.js';
import { UserStatisticsResolver } from '../content/statistics.resolver.js';
import { firstOf } from '../graphql/pagination.js';
import { SecurityEventConnectionResolver, SecurityEventResolver } from '../security-events/security-event.resolver.js';
import { EventSessionResolver, SessionEventResolver, SessionResolver } from '../sessions/session.resolver.js';
import { SessionTotalResolver } from '../sessions/session.type.js';
import { AccountPowersResolver } from './account-powers.resolver.js';
import { NodeResolver } from './node.resolver.js';

/** TypeGraphQL requires one, although every subscription here has its own source. */
const noPubSub: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Subscriptions bring their own source');
  },
};

/** Builds the schema from types and resolvers, without rules; guarded-schema.ts adds them. */
export function buildPlainSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      UserResolver,
      UserConnectionResolver,
      UserAccessResolver,
      UserRightsResolver,
      AccessResolver,
      UserSessionsResolver,
      AccountPowersResolver,
      RegistrationResolver,
      AdministrationResolver,
      AccountResolver,
      AuthenticationResolver,
      ApiTokenResolver,
      ApiTokenTotalResolver,
      PasswordResolver,
      EmailChangeResolver,
      PasswordStrengthResolver,
      TwoFactorResolver,
      SessionResolver,
      SessionTotalResolver,
      SessionUserResolver,
      SessionEventResolver,
      RoleResolver,
      RoleTotalResolver,
      RoleMembersResolver,
      RoleEditingResolver,
      RolePowersResolver,
      RoleGrantResolver,
      RoleGrantTotalResolver,
      GrantUsersResolver,
      PermissionResolver,
      PermissionTotalResolver,
      RoleChangePreviewResolver,
      AffectedUserConnectionResolver,
      SecurityEventResolver,
      SecurityEventConnectionResolver,
      EventUsersResolver,
      EventSessionResolver,
      PostResolver,
      PostConnectionResolver,
      PostCommentsResolver,
      CommentResolver,
      CommentConnectionResolver,
      UserStatisticsResolver,
      NodeResolver,
    ],
    pubSub: noPubSub,
    validate: false,
  });
  resolveTypesAtOnce(schema);
  preferLoaded(schema);
  return schema;
}

/** TypeGraphQL makes every `resolveType` async, which compiled operations do not await. */
function resolveTypesAtOnce(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (value: { __typename: string }) => value.__typename;
  }
}

/** Fields that lists load with their rows. They bypass TypeGraphQL's resolver, which creates a promise for each row. */
const loadedWithRow = { User: ['fullName', 'roles', 'twoFactorEnabled'], Role: ['permissions'] } as const;

function preferLoaded(schema: GraphQLSchema): void {
  for (const [type, names] of Object.entries(loadedWithRow)) {
    const fields = (schema.getType(type) as GraphQLObjectType).getFields();
    for (const name of names) {
      const field = fields[name];
      const resolve = field?.resolve;
      if (!field || !resolve) throw new Error(`${type}.${name} has no resolver`);
      field.resolve = (row, args, context, info) => asked(row[name], args) ?? resolve(row, args, context, info);
    }
  }
}

const asked = (loaded: unknown, { first }: { readonly first?: number }): unknown =>
  first !== undefined && Array.isArray(loaded) ? firstOf(loaded, first) : loaded;
