import type { OwnPermission } from '../policy/permission-catalogue.js';
import type { Rights } from '../policy/rights.js';
import { attributesOfComment, attributesOfPost, type CommentFacts, type PostFacts } from './attributes.js';

// Mutations check these rules while they hold locks, the `viewerCan…` fields beforehand; so both give the same answer.

/** The caller's rights; undefined for an anonymous caller, who may only read published posts. */
type Asking = Rights | undefined;

const mayPost = (rights: Asking, permission: OwnPermission & `post:${string}`, post: PostFacts): boolean =>
  rights?.may(permission, attributesOfPost(post)) ?? false;

/** Published posts are public. */
export const mayReadPost = (rights: Asking, post: PostFacts): boolean =>
  post.published || mayPost(rights, 'post:read', post);

/** Creating a published post requires the right to publish it as a draft, too. */
export const mayCreatePost = (rights: Asking, post: PostFacts): boolean =>
  mayPost(rights, 'post:create', post) && (!post.published || mayPost(rights, 'post:publish', draftOf(post)));

const draftOf = (post: PostFacts): PostFacts => ({ ...post, published: false, publishedAt: null });

export const mayUpdatePost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:update', post);

/**
 * Requires the right to update the post both as it is and as it will be, so that nobody moves a post into or out of the
 * reach of a condition. Only fields that the caller chooses are compared; timestamps stay as they were.
 */
export const mayUpdatePostTo = (rights: Asking, post: PostFacts, change: Partial<PostFacts>): boolean =>
  mayUpdatePost(rights, post) && mayPost(rights, 'post:update', { ...post, ...change });

/** For publishing and unpublishing. */
export const mayPublishPost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:publish', post);

export const mayDeletePost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:delete', post);

/** For adding a comment to a post; anonymous callers may not. */
export const mayCommentOn = (rights: Asking, post: PostFacts): boolean =>
  rights !== undefined &&
  mayReadPost(rights, post) &&
  rights.may('comment:create', { postId: post.id, authorId: rights.standing.userId });

/** Does not check whether the caller may read the post of the comment. */
export const mayUpdateComment = (rights: Asking, comment: CommentFacts): boolean =>
  rights?.may('comment:update', attributesOfComment(comment)) ?? false;

export const mayDeleteComment = (rights: Asking, comment: CommentFacts): boolean =>
  rights?.may('comment:delete', attributesOfComment(comment)) ?? false;
