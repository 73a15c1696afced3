import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { windowOf } from '../database/keyset.js';
import { cursorOfPlaced, pageOf } from '../database/pages.js';
import { forbidden, unavailable } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { type Connection, CursorArguments, connectionOf } from '../graphql/pagination.js';
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
  @Mutation(() => CreateCommentPayload)
  createComment(@Arg('input', () => CreateCommentInput) input: CreateCommentInput, @Ctx() context: Context) {
    return answer(createComment(context, input).then((comment) => ({ comment })));
  }

  @Mutation(() => UpdateCommentPayload)
  updateComment(@Arg('input', () => UpdateCommentInput) input: UpdateCommentInput, @Ctx() context: Context) {
    return answer(updateComment(context, input).then((comment) => ({ comment })));
  }

  @Mutation(() => DeleteCommentPayload)
  deleteComment(@Arg('input', () => DeleteCommentInput) { commentId }: DeleteCommentInput, @Ctx() context: Context) {
    return answer(deleteComment(context, commentId).then((deletedCommentId) => ({ deletedCommentId })));
  }

  @FieldResolver(() => UserType)
  author(@Root() comment: Comment, @Ctx() context: Context) {
    return authorOf(comment, context);
  }

  @FieldResolver(() => PostType)
  async post(@Root() { postId }: Comment, @Ctx() { caller, loaders }: Context) {
    const post = await loaders.posts.load(postId);
    // The post was deleted, and with it the comment, after the comment was read.
    if (!post) throw unavailable();
    if (!mayReadPost(caller?.rights, post)) throw forbidden();
    return post;
  }

  @FieldResolver(() => Boolean)
  viewerCanUpdate(@Root() comment: Comment, @Ctx() { caller }: Context): boolean {
    return mayUpdateComment(caller?.rights, comment);
  }

  @FieldResolver(() => Boolean)
  viewerCanDelete(@Root() comment: Comment, @Ctx() { caller }: Context): boolean {
    return mayDeleteComment(caller?.rights, comment);
  }
}

@Resolver(() => PostType)
export class PostCommentsResolver {
  @FieldResolver(() => CommentConnection, { description: 'The oldest first.' })
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

@Resolver(() => CommentConnection)
export class CommentConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() connection: Connection<Comment>): Promise<number> {
    return connection.total();
  }
}
