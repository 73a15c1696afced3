import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { connectionOf } from '../graphql/pagination.js';
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
  @Query(() => PostConnection, {
    description: 'Published posts, and drafts as far as the caller may read them, the newest first.',
  })
  async posts(
    @Args(() => PostsArguments) { search, category, authorId, published, ...page }: PostsArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const fields = requestedFields(info);
    const query = { search, category, authorId, published, withBody: fields.has('body') };
    const found = await listPosts(context, query, page);
    return connectionOf(fields.has('author') ? await withoutFormerAuthors(context, found) : found);
  }

  @Query(() => PostType, {
    nullable: true,
    description: 'A post by its id; null when there is none or the caller may not read it.',
  })
  async post(@Arg('id', () => ID, { description: 'Id of the post.' }) id: string, @Ctx() { caller, loaders }: Context) {
    const post = await loaders.posts.load(id);
    return post && mayReadPost(caller?.rights, post) ? post : null;
  }

  @Mutation(() => CreatePostPayload, {
    description: 'Writes a post by the caller. Requires `post:create`, and `post:publish` to publish it at once.',
  })
  createPost(@Input(() => CreatePostInput) input: CreatePostInput, @Ctx() context: Context) {
    return answer(createPost(context, input).then((post) => ({ post })));
  }

  @Mutation(() => UpdatePostPayload, {
    description:
      'Changes a post. Requires `post:update` for it, before and after the change; the role `user` contains it ' +
      'for own posts by default.',
  })
  updatePost(@Input(() => UpdatePostInput) input: UpdatePostInput, @Ctx() context: Context) {
    return answer(updatePost(context, input).then((post) => ({ post })));
  }

  @Mutation(() => PublishPostPayload, {
    description:
      'Publishes a post: everyone may read it. Requires `post:publish` for it; the role `user` contains it for ' +
      'own posts by default.',
  })
  publishPost(@Input(() => PublishPostInput) { postId }: PublishPostInput, @Ctx() context: Context) {
    return answer(publishPost(context, postId, true).then((post) => ({ post })));
  }

  @Mutation(() => UnpublishPostPayload, {
    description:
      'Takes a published post back: it is a draft again. Requires `post:publish` for it; the role `user` ' +
      'contains it for own posts by default.',
  })
  unpublishPost(@Input(() => UnpublishPostInput) { postId }: UnpublishPostInput, @Ctx() context: Context) {
    return answer(publishPost(context, postId, false).then((post) => ({ post })));
  }

  @Mutation(() => DeletePostPayload, {
    description:
      'Deletes a post with its comments. Requires `post:delete` for it; the role `user` contains it for own ' +
      'posts by default.',
  })
  deletePost(@Input(() => DeletePostInput) { postId }: DeletePostInput, @Ctx() context: Context) {
    return answer(deletePost(context, postId).then((deletedPostId) => ({ deletedPostId })));
  }

  @FieldResolver(() => UserType, { description: 'The user who wrote the post.' })
  author(@Root() post: PostRow, @Ctx() context: Context) {
    return authorOf(post, context);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may change the post.' })
  viewerCanUpdate(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayUpdatePost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may publish the post and take it back.' })
  viewerCanPublish(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayPublishPost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may delete the post.' })
  viewerCanDelete(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayDeletePost(caller?.rights, post);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may comment on the post.' })
  viewerCanComment(@Root() post: PostRow, @Ctx() { caller }: Context): boolean {
    return mayCommentOn(caller?.rights, post);
  }
}
