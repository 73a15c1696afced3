import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { deletedId, expectedVersion, inputOf, payloadOf, plainText } from '../graphql/descriptions.js';

@ObjectType('Comment', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A comment on a post. Everyone who may read the post may read its comments.',
})
export class CommentType extends NodeType {
  @Field(() => String, { description: `Text of the comment. ${plainText}` })
  body!: string;

  @Field(() => GraphQLDateTime, { description: 'When the comment was written.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When the comment was last saved; at first the same as `createdAt`.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Rises each time the comment is saved; it begins with 1.' })
  version!: number;
}

export const [CommentConnection, CommentTotalResolver] = connectionTypes('Comment', () => CommentType);

const body = 'Text of the comment: 1 to 5,000 characters of plain text.';

@InputType(inputOf('createComment'))
export class CreateCommentInput {
  @Field(() => ID, { description: 'Id of the post to comment on.' })
  postId!: string;

  @Field(() => String, { description: body })
  body!: string;
}

@InputType(inputOf('updateComment'))
export class UpdateCommentInput {
  @Field(() => ID, { description: 'Id of the comment to change.' })
  commentId!: string;

  @Field(() => String, { description: body })
  body!: string;

  @Field(() => Int, { nullable: true, description: expectedVersion('comment') })
  expectedVersion?: number | null;
}

@InputType(inputOf('deleteComment'))
export class DeleteCommentInput {
  @Field(() => ID, { description: 'Id of the comment to delete.' })
  commentId!: string;
}

@ObjectType()
abstract class CommentPayload extends Payload {
  @Field(() => CommentType, { nullable: true, description: 'The comment as it is now; null when it was refused.' })
  comment?: CommentType;
}

@ObjectType(payloadOf('createComment'))
export class CreateCommentPayload extends CommentPayload {}

@ObjectType(payloadOf('updateComment'))
export class UpdateCommentPayload extends CommentPayload {}

@ObjectType(payloadOf('deleteComment'))
export class DeleteCommentPayload extends Payload {
  @Field(() => ID, { nullable: true, description: deletedId })
  deletedCommentId?: string;
}
