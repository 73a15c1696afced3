import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { windowOf } from '../database/keyset.js';
import { cursorOfPlaced, pageOf } from '../database/pages.js';
import { forbidden, unavailable } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { CursorArguments, connectionOf } from '../graphql/pagination.js';
import { requestedFields } from '../graphql/requested-fields.js';
import { authorOf, withoutFormerAuthors } from './authors.js';
import type { Comment } from './comment.entity.js';
import {
  CommentConnection,
  CommentType,
  CreateCommentInput,
  CreateCommentPayload,
  DeleteCommentInput,
  DeleteCommentPayload,
  UpdateCommentInput,
  UpdateCommentPayload,
} from './comment.type.js';
import { mayDeleteComment, mayReadPost, mayUpdateComment } from './content-powers.js';
import { createComment } from './create-comment.js';
import { deleteComment } from './delete-comment.js';
import { PostType } from './post.type.js';
import type { PostRow } from './post-rows.js';
import { updateComment } from './update-comment.js';

@Resolver(() => CommentType)
export class CommentResolver {
  @Mutation(() => CreateCommentPayload, {
    description: 'Adds a comment by the caller to a post that they may read. Requires `comment:create`.',
  })
  createComment(@Input(() => CreateCommentInput) input: CreateCommentInput, @Ctx() context: Context) {
    return answer(createComment(context, input).then((comment) => ({ comment })));
  }

  @Mutation(() => UpdateCommentPayload, {
    description:
      'Replaces the text of a comment. Requires `comment:update` for it; the role `user` contains it for own ' +
      'comments by default.',
  })
  updateComment(@Input(() => UpdateCommentInput) input: UpdateCommentInput, @Ctx() context: Context) {
    return answer(updateComment(context, input).then((comment) => ({ comment })));
  }

  @Mutation(() => DeleteCommentPayload, {
    description:
      'Deletes a comment. Requires `comment:delete` for it; the role `user` contains it for own comments by default.',
  })
  deleteComment(@Input(() => DeleteCommentInput) { commentId }: DeleteCommentInput, @Ctx() context: Context) {
    return answer(deleteComment(context, commentId).then((deletedCommentId) => ({ deletedCommentId })));
  }

  @FieldResolver(() => UserType, { description: 'The user who wrote the comment.' })
  author(@Root() comment: Comment, @Ctx() context: Context) {
    return authorOf(comment, context);
  }

  @FieldResolver(() => PostType, { description: 'The post that is commented on.' })
  async post(@Root() { postId }: Comment, @Ctx() { caller, loaders }: Context) {
    const post = await loaders.posts.load(postId);
    // The post was deleted, and with it the comment, after the comment was read.
    if (!post) throw unavailable();
    if (!mayReadPost(caller?.rights, post)) throw forbidden();
    return post;
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may change the comment.' })
  viewerCanUpdate(@Root() comment: Comment, @Ctx() { caller }: Context): boolean {
    return mayUpdateComment(caller?.rights, comment);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may delete the comment.' })
  viewerCanDelete(@Root() comment: Comment, @Ctx() { caller }: Context): boolean {
    return mayDeleteComment(caller?.rights, comment);
  }
}

@Resolver(() => PostType)
export class PostCommentsResolver {
  @FieldResolver(() => CommentConnection, { description: 'Comments on the post, the oldest first.' })
  async comments(
    @Root() { id: postId }: PostRow,
    @Args(() => CursorArguments) request: CursorArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { commentsOfPost, commentCount } = context.loaders;
    const window = windowOf(request);
    const rows = await commentsOfPost.load({ parentId: postId, window });
    const page = pageOf(rows, window, cursorOfPlaced, () => commentCount.load({ parentId: postId }));
    return connectionOf(requestedFields(info).has('author') ? await withoutFormerAuthors(context, page) : page);
  }
}
