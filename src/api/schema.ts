import 'reflect-metadata';
import { type GraphQLObjectType, type GraphQLSchema, isAbstractType } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { AccessResolver } from '../access/explain/access.resolver.js';
import { AccessChangesResolver } from '../access/explain/access-changes.resolver.js';
import { AccessEventsResolver } from '../access/explain/access-events.resolver.js';
import { ChangeRoleResolver } from '../access/predict/change-role.resolver.js';
import { PermissionTotalResolver, RoleGrantTotalResolver, RoleTotalResolver } from '../access/role.type.js';
import { PermissionResolver, RoleGrantResolver, RoleResolver } from '../access/roles/role.resolver.js';
import { RoleEditingResolver } from '../access/roles/role-editing.resolver.js';
import { RolePowersResolver } from '../access/roles/role-powers.resolver.js';
import { AdministrationResolver } from '../accounts/administration.resolver.js';
import { AllowedUsersResolver } from '../accounts/allowed-users.resolver.js';
import { RegistrationResolver } from '../accounts/registration.resolver.js';
import { RoleChangePreviewResolver } from '../accounts/role-change-preview.resolver.js';
import { AffectedUserTotalResolver } from '../accounts/role-change-preview.type.js';
import { UserResolver } from '../accounts/user.resolver.js';
import { UserTotalResolver } from '../accounts/user.type.js';
import {
  ApiTokenUserResolver,
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
import { ReauthenticationResolver } from '../authentication/reauthentication.resolver.js';
import { TwoFactorResolver } from '../authentication/two-factor.resolver.js';
import { CommentResolver, PostCommentsResolver } from '../content/comment.resolver.js';
import { CommentTotalResolver } from '../content/comment.type.js';
import { PostResolver } from '../content/post.resolver.js';
import { PostTotalResolver } from '../content/post.type.js';
import { UserStatisticsResolver } from '../content/statistics.resolver.js';
import { formatInstants } from '../graphql/date-time.js';
import { firstOf } from '../graphql/pagination.js';
import { FailedMailResolver, QueuedMailResolver } from '../mail/failed-mail.resolver.js';
import { EndingGrantsResolver } from '../overview/ending-grants.resolver.js';
import { OverviewResolver } from '../overview/security-overview.resolver.js';
import { UnusualActivityResolver } from '../overview/unusual-activity.resolver.js';
import { FailedJobResolver } from '../queue/failed-job.resolver.js';
import { FailedJobTotalResolver } from '../queue/failed-job.type.js';
import { JobResolver } from '../queue/job.resolver.js';
import { JobTotalResolver } from '../queue/job.type.js';
import { VerificationResolver } from '../security-events/chain/verification.resolver.js';
import { EventExportResolver } from '../security-events/event-export.resolver.js';
import { SecurityEventResolver } from '../security-events/security-event.resolver.js';
import { SecurityEventTotalResolver } from '../security-events/security-event.type.js';
import { StatisticsResolver } from '../security-events/statistics/statistics.resolver.js';
import { EventSessionResolver, SessionEventResolver, SessionResolver } from '../sessions/session.resolver.js';
import { SessionTotalResolver } from '../sessions/session.type.js';
import { SigningKeyResolver } from '../sessions/signing-key.resolver.js';
import { SettingsResolver } from '../settings/settings.resolver.js';
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
      UserTotalResolver,
      UserAccessResolver,
      UserRightsResolver,
      AccessResolver,
      AccessEventsResolver,
      AccessChangesResolver,
      AllowedUsersResolver,
      UserSessionsResolver,
      AccountPowersResolver,
      RegistrationResolver,
      AdministrationResolver,
      AccountResolver,
      AuthenticationResolver,
      ApiTokenResolver,
      ApiTokenTotalResolver,
      ApiTokenUserResolver,
      PasswordResolver,
      EmailChangeResolver,
      PasswordStrengthResolver,
      ReauthenticationResolver,
      TwoFactorResolver,
      SessionResolver,
      SessionTotalResolver,
      SessionUserResolver,
      SessionEventResolver,
      SigningKeyResolver,
      RoleResolver,
      RoleTotalResolver,
      RoleMembersResolver,
      RoleEditingResolver,
      ChangeRoleResolver,
      RolePowersResolver,
      RoleGrantResolver,
      RoleGrantTotalResolver,
      GrantUsersResolver,
      PermissionResolver,
      PermissionTotalResolver,
      RoleChangePreviewResolver,
      AffectedUserTotalResolver,
      SecurityEventResolver,
      VerificationResolver,
      StatisticsResolver,
      OverviewResolver,
      UnusualActivityResolver,
      EndingGrantsResolver,
      EventExportResolver,
      SecurityEventTotalResolver,
      EventUsersResolver,
      EventSessionResolver,
      PostResolver,
      PostTotalResolver,
      PostCommentsResolver,
      CommentResolver,
      CommentTotalResolver,
      UserStatisticsResolver,
      FailedJobResolver,
      FailedJobTotalResolver,
      FailedMailResolver,
      JobResolver,
      JobTotalResolver,
      QueuedMailResolver,
      SettingsResolver,
      NodeResolver,
    ],
    pubSub: noPubSub,
    validate: false,
    // It would introspect the whole schema at each start; `npm run check schema` validates it.
    skipCheck: true,
  });
  resolveTypesAtOnce(schema);
  formatInstants();
  preferLoaded(schema);
  describeRoots(schema);
  return schema;
}

const credentials =
  'Callers present an access token or API token as `Authorization: Bearer`, or an API token as `X-API-Key`; ' +
  'without any they are anonymous.';
const codes =
  'UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, BAD_USER_INPUT, QUERY_TOO_COMPLEX, OPERATION_TIMED_OUT or ' +
  'SERVICE_UNAVAILABLE';

/** TypeGraphQL makes these three itself and takes no descriptions for them. */
const roots: Readonly<Record<string, string>> = {
  Query:
    `All reads. ${credentials} A refusal is a top-level error with \`extensions.code\`: ${codes}. ` +
    'RATE_LIMITED and SERVICE_UNAVAILABLE carry `extensions.retryAfter`, in seconds.',
  Mutation:
    'All changes. `errors` of a payload lists what the person who filled in the form can correct; every other ' +
    'refusal is a top-level error, as for queries. A missing permission is FORBIDDEN; "in a session only" means ' +
    'FORBIDDEN for API tokens.',
  Subscription:
    'Events as they happen, over a websocket (protocol graphql-transport-ws). A stream ends when the caller ' +
    'loses the right to it.',
};

function describeRoots(schema: GraphQLSchema): void {
  for (const [name, description] of Object.entries(roots)) {
    const type = schema.getType(name);
    if (!type) throw new Error(`There is no type ${name}`);
    type.description = description;
  }
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
