import type { SavedGroup } from './saved-operation.js';

export const posts: SavedGroup = {
  title: 'Posts',
  operations: [
    {
      title: 'List',
      shows: 'Published posts, and the drafts that I may read; each says what I may do with it.',
      document: `
query Posts($category: String) {
  posts(first: 10, category: $category) {
    totalCount
    nodes {
      id
      title
      category
      published
      author { username }
      viewerCanUpdate
      viewerCanPublish
      comments(first: 3) { nodes { body author { username } } }
    }
  }
}`,
      variables: () => ({ category: null }),
    },
    {
      title: 'Write a draft',
      shows: 'A post by me that only I, and who may read drafts, can see.',
      document: `
mutation WritePost($input: CreatePostInput!) {
  createPost(input: $input) {
    post { id title published viewerCanPublish }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { title: 'Hello', body: 'Written in the playground.', category: 'news' } }),
    },
    {
      title: 'Publish',
      shows: 'Everybody can read it from now on. FORBIDDEN when it is not mine and no role permits it.',
      document: `
mutation Publish($postId: ID!) {
  publishPost(input: { postId: $postId }) {
    post { id published publishedAt }
    errors { code message }
  }
}`,
      variables: () => ({ postId: 'an id from List' }),
    },
    {
      title: 'Comment',
      shows: 'A comment by me on a post that I may read.',
      document: `
mutation Comment($input: CreateCommentInput!) {
  createComment(input: $input) {
    comment { id body author { username } }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { postId: 'an id from List', body: 'Well said.' } }),
    },
  ],
};
