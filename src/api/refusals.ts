import {
  type FieldNode,
  GraphQLError,
  type GraphQLResolveInfo,
  getLocation,
  isNonNullType,
  type SourceLocation,
} from 'graphql';
import type { CodedError } from '../errors.js';
import type { Context, Refused } from '../graphql/context.js';

/**
 * Sets a refused field to null and notes its error for the answer, because throwing would take thirty times as long as
 * the field itself.
 * @returns null; if the operation has ended, a promise that never settles
 * @throws the error if the field is non-nullable
 */
export function refuse(error: CodedError, context: Context, info: GraphQLResolveInfo): unknown {
  if (isNonNullType(info.returnType)) throw error;
  if (!context.meter.fails(lengthOfError(info))) return new Promise(() => undefined);
  context.refusals.push({ error, info });
  return null;
}

/** A GraphQLError without a stack trace, which is expensive to capture. */
class Told {
  readonly message: string;
  readonly locations: readonly SourceLocation[];
  readonly path: readonly (string | number)[];
  readonly extensions: { readonly code: string };
  readonly originalError: CodedError;

  constructor({ error, info }: Refused) {
    this.message = error.message;
    this.locations = locationsOf(info.fieldNodes);
    this.path = pathOf(info.path);
    this.extensions = { code: error.code };
    this.originalError = error;
  }
}
Object.setPrototypeOf(Told.prototype, GraphQLError.prototype);

/** Converts a refused field into a GraphQL error. */
export const told = (refused: Refused): GraphQLError => new Told(refused) as unknown as GraphQLError;

function pathOf(path: GraphQLResolveInfo['path']): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let place: typeof path | undefined = path; place; place = place.prev) keys.push(place.key);
  return keys.reverse();
}

/** Locations by AST node. Documents are cached, so each location is computed once. */
const known = new WeakMap<FieldNode, SourceLocation>();

const locationsOf = (nodes: readonly FieldNode[]): SourceLocation[] =>
  nodes.flatMap((node) => {
    const location = known.get(node) ?? (node.loc && getLocation(node.loc.source, node.loc.start));
    if (location) known.set(node, location);
    return location ?? [];
  });

/** Estimated message, code and punctuation of an error in an answer, in bytes. */
const errorLength = 160;

/** Estimated length of an error in the answer, in bytes. Its path repeats response names, which may be long. */
export function lengthOfError({ path }: GraphQLResolveInfo): number {
  let length = errorLength;
  for (let place: GraphQLResolveInfo['path'] | undefined = path; place; place = place.prev)
    length += typeof place.key === 'string' ? place.key.length + 3 : 6;
  return length;
}
