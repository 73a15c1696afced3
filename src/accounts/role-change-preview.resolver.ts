import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
import { previewRoleChange, type RoleChangePreview } from '../access/predict/preview-role-change.js';
import type { Context } from '../graphql/context.js';
import { connectionOf } from '../graphql/pagination.js';
import { requestedFields } from '../graphql/requested-fields.js';
import { countAffectedUsers, listAffectedUsers } from './affected-users.js';
import {
  AffectedUserConnection,
  PreviewRoleChangeArguments,
  RoleChangePreviewType,
} from './role-change-preview.type.js';

interface Asked extends RoleChangePreview {
  readonly page: Omit<PreviewRoleChangeArguments, 'input'>;
  /** Counts once, also if several fields need the number. */
  readonly total: () => Promise<number>;
}

@Resolver(() => RoleChangePreviewType)
export class RoleChangePreviewResolver {
  @Query(() => RoleChangePreviewType, {
    description:
      'Predicts which permissions users would gain and lose if a role were changed now; writes nothing. Requires ' +
      '`role:read` for the role and `user:read`; FORBIDDEN without them.',
  })
  async previewRoleChange(
    @Args(() => PreviewRoleChangeArguments) { input, ...page }: PreviewRoleChangeArguments,
    @Ctx() context: Context,
  ): Promise<Asked> {
    const preview = await previewRoleChange(context, input);
    let counted: Promise<number> | undefined;
    const total = () => {
      counted ??= countAffectedUsers(context, preview);
      return counted;
    };
    return { ...preview, page, total };
  }

  @FieldResolver(() => Int, {
    description: 'How many users would gain or lose permissions, of those whom the caller may read.',
  })
  affectedUsersCount(@Root() { total }: Asked): Promise<number> {
    return total();
  }

  @FieldResolver(() => AffectedUserConnection, {
    description:
      'Users who would gain or lose permissions, of those whom the caller may read, in the order of their ids.',
  })
  async users(@Root() { page, total, ...preview }: Asked, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    return connectionOf({ ...(await listAffectedUsers(context, preview, page, requestedFields(info))), total });
  }
}
