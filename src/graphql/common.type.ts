import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import { Refusal, type UserError } from '../errors.js';
import { UserErrorType } from './user-error.type.js';

@InterfaceType('Node', { description: 'An object with an id of its own, which `Query.node` finds by it.' })
export abstract class NodeType {
  @Field(() => ID, { description: 'UUID, unique among all objects; case does not matter where it is passed in.' })
  id!: string;
}

@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], { description: 'Why the mutation was refused; empty when it succeeded.' })
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
