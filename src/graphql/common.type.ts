import { Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { Refusal, type UserError, UserErrorCode } from '../errors.js';

registerEnumType(UserErrorCode, { name: 'UserErrorCode', description: 'What a person can mend in a form.' });

@InterfaceType('Node', { description: 'Anything that has an id.' })
export abstract class NodeType {
  @Field(() => ID)
  id!: string;
}

@ObjectType('UserError', { simpleResolvers: true })
class UserErrorType {
  @Field(() => UserErrorCode)
  code!: UserErrorCode;

  @Field(() => String, { description: 'For people, in English; programs go by the code.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'Path of the input field at fault.' })
  field?: readonly string[];
}

@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType])
  errors!: readonly UserError[];
}

/**
 * Runs a use-case and builds the payload of its mutation: a `Refusal` becomes the payload's `errors`; other errors are
 * rethrown.
 * @param otherwise values of non-nullable fields when the use-case is refused
 * @example
 * return answer(updateProfile(context, input).then((user) => ({ user })));
 */
export async function answer<T extends object, O extends object = object>(
  work: Promise<T>,
  otherwise?: O,
): Promise<(T | O) & Payload> {
  try {
    return { ...(await work), errors: [] };
  } catch (error) {
    if (error instanceof Refusal) return { ...(otherwise as O), errors: error.errors };
    throw error;
  }
}
