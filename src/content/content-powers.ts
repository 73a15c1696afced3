import type { OwnPermission } from '../policy/permission-catalogue.js';
import type { Rights } from '../policy/rights.js';
import { attributesOfComment, attributesOfPost, type CommentFacts, type PostFacts } from './attributes.js';

// Mutations ask here under their locks, and viewerCan… fields before: so both give one answer.

/** Undefined: of nobody, who may read what is published. */
type Asking = Rights | undefined;

const mayPost = (rights: Asking, permission: OwnPermission & `post:${string}`, post: PostFacts): boolean =>
  rights?.may(permission, attributesOfPost(post)) ?? false;

/** What is published is public. */
export const mayReadPost = (rights: Asking, post: PostFacts): boolean =>
  post.published || mayPost(rights, 'post:read', post);

/** Publishing it at once takes the same right as publishing the draft. */
export const mayCreatePost = (rights: Asking, post: PostFacts): boolean =>
  mayPost(rights, 'post:create', post) && (!post.published || mayPost(rights, 'post:publish', draftOf(post)));

const draftOf = (post: PostFacts): PostFacts => ({ ...post, published: false, publishedAt: null });

export const mayUpdatePost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:update', post);

/**
 * The change must be theirs to make before and after it: nothing is brought out of, or into, what conditions set
 * apart. Only what the caller chooses counts; instants stay as they were.
 */
export const mayUpdatePostTo = (rights: Asking, post: PostFacts, change: Partial<PostFacts>): boolean =>
  mayUpdatePost(rights, post) && mayPost(rights, 'post:update', { ...post, ...change });

/** To publish it or to take it back. */
export const mayPublishPost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:publish', post);

export const mayDeletePost = (rights: Asking, post: PostFacts): boolean =>
  mayReadPost(rights, post) && mayPost(rights, 'post:delete', post);

export const mayCommentOn = (rights: Asking, post: PostFacts): boolean =>
  rights !== undefined &&
  mayReadPost(rights, post) &&
  rights.may('comment:create', { postId: post.id, authorId: rights.standing.userId });

/** Of a comment on a post they may read. */
export const mayUpdateComment = (rights: Asking, comment: CommentFacts): boolean =>
  rights?.may('comment:update', attributesOfComment(comment)) ?? false;

export const mayDeleteComment = (rights: Asking, comment: CommentFacts): boolean =>
  rights?.may('comment:delete', attributesOfComment(comment)) ?? false;
