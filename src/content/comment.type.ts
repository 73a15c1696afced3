import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { PageInfo } from '../graphql/pagination.js';

@ObjectType('Comment', { implements: NodeType, simpleResolvers: true })
export class CommentType extends NodeType {
  @Field(() => String, { description: 'Plain text: whoever shows it escapes it.' })
  body!: string;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime)
  updatedAt!: Date;
}

@ObjectType('CommentEdge', { simpleResolvers: true })
export class CommentEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => CommentType)
  node!: CommentType;
}

@ObjectType('CommentConnection', { simpleResolvers: true })
export class CommentConnection {
  @Field(() => [CommentEdge])
  edges!: CommentEdge[];

  @Field(() => [CommentType])
  nodes!: CommentType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@InputType()
export class CreateCommentInput {
  @Field(() => ID)
  postId!: string;

  @Field(() => String, { description: '1 to 5,000 characters of plain text.' })
  body!: string;
}

@InputType()
export class UpdateCommentInput {
  @Field(() => ID)
  commentId!: string;

  @Field(() => String, { description: '1 to 5,000 characters of plain text.' })
  body!: string;
}

@InputType()
export class DeleteCommentInput {
  @Field(() => ID)
  commentId!: string;
}

@ObjectType()
abstract class CommentPayload extends Payload {
  @Field(() => CommentType, { nullable: true })
  comment?: CommentType;
}

@ObjectType({ simpleResolvers: true })
export class CreateCommentPayload extends CommentPayload {}

@ObjectType({ simpleResolvers: true })
export class UpdateCommentPayload extends CommentPayload {}

@ObjectType({ simpleResolvers: true })
export class DeleteCommentPayload extends Payload {
  @Field(() => ID, { nullable: true })
  deletedCommentId?: string;
}
