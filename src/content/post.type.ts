import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { deletedId, expectedVersion, inputOf, payloadOf, plainText } from '../graphql/descriptions.js';
import { CursorArguments, offset } from '../graphql/pagination.js';

@ObjectType('Post', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A post. Everyone may read a published one; a draft requires `post:read` for it.',
})
export class PostType extends NodeType {
  @Field(() => String, { description: 'Title on one line.' })
  title!: string;

  @Field(() => String, { description: `Text of the post. ${plainText}` })
  body!: string;

  @Field(() => String, { nullable: true, description: 'Category, in lower case; null for none.' })
  category!: string | null;

  @Field(() => Boolean, { description: 'Whether the post is published; otherwise it is a draft.' })
  published!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When the post was written.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    description: 'When the post was last changed, published or taken back; at first the same as `createdAt`.',
  })
  updatedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the post was published for the first time; null if it never was.',
  })
  publishedAt!: Date | null;

  @Field(() => Int, {
    description: 'Rises with each change, also when the post is published or taken back; it begins with 1.',
  })
  version!: number;
}

export const [PostConnection, PostTotalResolver] = connectionTypes('Post', () => PostType);

@ArgsType()
export class PostsArguments extends CursorArguments {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the title; case does not matter. One or two letters are the beginning of a word.',
  })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'Only posts of exactly this category; case does not matter.' })
  category?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only posts by the user with this id.' })
  authorId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only published posts. False: only drafts, as far as the caller may read them. Null: both.',
  })
  published?: boolean | null;

  @Field(() => Int, offset)
  offset?: number | null;
}

const title = 'Title: 1 to 200 characters on one line.';
const body = 'Text of the post: 1 to 20,000 characters of plain text.';
const category = 'Category: 1 to 50 letters a-z and digits, in words joined by hyphens.';
const kept = 'Null leaves it as it is.';

@InputType(inputOf('createPost'))
export class CreatePostInput {
  @Field(() => String, { description: title })
  title!: string;

  @Field(() => String, { description: body })
  body!: string;

  @Field(() => String, { nullable: true, description: category })
  category?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True publishes the post at once; by default it is a draft.' })
  published?: boolean | null;
}

@InputType(inputOf('updatePost', 'A field that is left out stays as it is.'))
export class UpdatePostInput {
  @Field(() => ID, { description: 'Id of the post to change.' })
  postId!: string;

  @Field(() => String, { nullable: true, description: `${title} ${kept}` })
  title?: string | null;

  @Field(() => String, { nullable: true, description: `${body} ${kept}` })
  body?: string | null;

  @Field(() => String, { nullable: true, description: `${category} Null removes it.` })
  category?: string | null;

  @Field(() => Int, { nullable: true, description: expectedVersion('post') })
  expectedVersion?: number | null;
}

@InputType(inputOf('publishPost'))
export class PublishPostInput {
  @Field(() => ID, { description: 'Id of the post to publish.' })
  postId!: string;
}

@InputType(inputOf('unpublishPost'))
export class UnpublishPostInput {
  @Field(() => ID, { description: 'Id of the post to take back.' })
  postId!: string;
}

@InputType(inputOf('deletePost'))
export class DeletePostInput {
  @Field(() => ID, { description: 'Id of the post to delete.' })
  postId!: string;
}

@ObjectType()
abstract class PostPayload extends Payload {
  @Field(() => PostType, { nullable: true, description: 'The post as it is now; null when it was refused.' })
  post?: PostType;
}

@ObjectType(payloadOf('createPost'))
export class CreatePostPayload extends PostPayload {}

@ObjectType(payloadOf('updatePost'))
export class UpdatePostPayload extends PostPayload {}

@ObjectType(payloadOf('publishPost'))
export class PublishPostPayload extends PostPayload {}

@ObjectType(payloadOf('unpublishPost'))
export class UnpublishPostPayload extends PostPayload {}

@ObjectType(payloadOf('deletePost'))
export class DeletePostPayload extends Payload {
  @Field(() => ID, { nullable: true, description: deletedId })
  deletedPostId?: string;
}
