import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { CursorArguments, PageInfo } from '../graphql/pagination.js';

@ObjectType('Post', { implements: NodeType, simpleResolvers: true })
export class PostType extends NodeType {
  @Field(() => String)
  title!: string;

  @Field(() => String, { description: 'Plain text: whoever shows it escapes it.' })
  body!: string;

  @Field(() => String, { nullable: true })
  category!: string | null;

  @Field(() => Boolean, { description: 'Public; others are read by whoever may.' })
  published!: boolean;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime)
  updatedAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'For the first time.' })
  publishedAt!: Date | null;
}

@ObjectType('PostEdge', { simpleResolvers: true })
export class PostEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => PostType)
  node!: PostType;
}

@ObjectType('PostConnection', { simpleResolvers: true })
export class PostConnection {
  @Field(() => [PostEdge])
  edges!: PostEdge[];

  @Field(() => [PostType])
  nodes!: PostType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ArgsType()
export class PostsArguments extends CursorArguments {
  @Field(() => String, { nullable: true, description: 'The whole of it; case does not matter.' })
  category?: string | null;

  @Field(() => ID, { nullable: true })
  authorId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False: drafts, of which the caller sees what they may read.' })
  published?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Rows to pass over, for jumping to a page.' })
  offset?: number | null;
}

@InputType()
export class CreatePostInput {
  @Field(() => String, { description: '1 to 200 characters on one line.' })
  title!: string;

  @Field(() => String, { description: '1 to 20,000 characters of plain text.' })
  body!: string;

  @Field(() => String, { nullable: true, description: '1 to 50 letters and digits, in words joined by hyphens.' })
  category?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'By default a draft.' })
  published?: boolean | null;
}

@InputType()
export class UpdatePostInput {
  @Field(() => ID)
  postId!: string;

  @Field(() => String, { nullable: true, description: 'Null: unchanged.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Null: unchanged.' })
  body?: string | null;

  @Field(() => String, { nullable: true, description: 'Absent: unchanged; null: none.' })
  category?: string | null;
}

@InputType()
export class PublishPostInput {
  @Field(() => ID)
  postId!: string;
}

@InputType()
export class UnpublishPostInput {
  @Field(() => ID)
  postId!: string;
}

@InputType()
export class DeletePostInput {
  @Field(() => ID)
  postId!: string;
}

@ObjectType()
abstract class PostPayload extends Payload {
  @Field(() => PostType, { nullable: true })
  post?: PostType;
}

@ObjectType({ simpleResolvers: true })
export class CreatePostPayload extends PostPayload {}

@ObjectType({ simpleResolvers: true })
export class UpdatePostPayload extends PostPayload {}

@ObjectType({ simpleResolvers: true })
export class PublishPostPayload extends PostPayload {}

@ObjectType({ simpleResolvers: true })
export class UnpublishPostPayload extends PostPayload {}

@ObjectType({ simpleResolvers: true })
export class DeletePostPayload extends Payload {
  @Field(() => ID, { nullable: true })
  deletedPostId?: string;
}
