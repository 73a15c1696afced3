import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { type Connection, connectionOf } from '../graphql/pagination.js';
import { requestedFields } from '../graphql/requested-fields.js';
import { authorOf, withoutFormerAuthors } from './authors.js';
import { mayCommentOn, mayDeletePost, mayPublishPost, mayReadPost, mayUpdatePost } from './content-powers.js';
import { createPost } from './create-post.js';
import { deletePost } from './delete-post.js';
import { listPosts } from './list-posts.js';
import {
  CreatePostInput,
  CreatePostPayload,
  DeletePostInput,
  DeletePostPayload,
  PostConnection,
  PostsArguments,
  PostType,
  PublishPostInput,
  PublishPostPayload,
  UnpublishPostInput,
  UnpublishPostPayload,
  UpdatePostInput,
  UpdatePostPayload,
} from './post.type.js';
import type { PostRow } from './post-rows.js';
import { publishPost } from './publish-post.js';
import { updatePost } from './update-post.js';

@Resolver(() => PostType)
export class PostResolver {
  @Query(() => PostConnection, { description: 'What is published and what else the caller may read, newest first.' })
  async posts(
    @Args(() => PostsArguments) { category, authorId, published, ...page }: PostsArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const fields = requestedFields(info);
    const query = { category, authorId, published, withBody: fields.has('body') };
    const found = await listPosts(context, query, page);
    return connectionOf(fields.has('author') ? await withoutFormerAuthors(context, found) : found);
  }

  @Query(() => PostType, { nullable: true, description: 'Null also for what the caller may not read.' })
  async post(@Arg('id', () => ID) id: string, @Ctx() { caller, loaders }: Context) {
    const post = await loaders.posts.load(id);
    return post && mayReadPost(caller?.rights, post) ? post : null;
  }

  @Mutation(() => CreatePostPayload)
  createPost(@Arg('input', () => CreatePostInput) input: CreatePostInput, @Ctx() context: Context) {
    return answer(createPost(context, input).then((post) => ({ post })));
  }

  @Mutation(() => UpdatePostPayload)
  updatePost(@Arg('input', () => UpdatePostInput) input: UpdatePostInput, @Ctx() context: Context) {
    return answer(updatePost(context, input).then((post) => ({ post })));
  }

  @Mutation(() => PublishPostPayload, { description: 'Shows a post to everyone.' })
  publishPost(@Arg('input', () => PublishPostInput) { postId }: PublishPostInput, @Ctx() context: Context) {
    return answer(publishPost(context, postId, true).then((post) => ({ post })));
  }

  @Mutation(() => UnpublishPostPayload, { description: 'Makes a post a draft again.' })
  unpublishPost(@Arg('input', () => UnpublishPostInput) { postId }: UnpublishPostInput, @Ctx() context: Context) {
    return answer(publishPost(context, postId, false).then((post) => ({ post })));
  }

  @Mutation(() => DeletePostPayload, { description: 'With its comments.' })
  deletePost(@Arg('input', () => DeletePostInput) { postId }: DeletePostInput, @Ctx() context: Context) {
    return answer(deletePost(context, postId).then((deletedPostId) => ({ deletedPostId })));
  }

  @FieldResolver(() => UserType)
  author(@Root() post: PostRow, @Ctx() context: Context) {
    return authorOf(post, context);
  }

  @FieldResolver(() => Boolean)
  viewerCanUpdate(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayUpdatePost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean, { description: 'Publish it or, where it is published, take it back.' })
  viewerCanPublish(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayPublishPost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean)
  viewerCanDelete(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayDeletePost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean)
  viewerCanComment(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayCommentOn(caller?.rights, post);
  }
}

@Resolver(() => PostConnection)
export class PostConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() connection: Connection<PostRow>): Promise<number> {
    return connection.total();
  }
}
