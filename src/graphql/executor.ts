import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  type NamedTypeNode,
  typeFromAST,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

/** Compiled operations kept; each is some kilobytes of code. */
const mostCompiled = 300;

interface Seen {
  /** Per operation name: how the document runs. */
  readonly compiled: Map<string, CompiledQuery | 'interpreted'>;
}

export type Executor = (args: ExecutionArgs) => Promise<ExecutionResult>;

/**
 * Runs queries and mutations. Compiling costs half a millisecond and saves more than half of each
 * later execution, so a document is compiled the second time it is seen; graphql-js runs the rest.
 */
export function createExecutor(): Executor {
  const seen = new LRUCache<DocumentNode, Seen>({ max: mostCompiled });
  return async (args: ExecutionArgs): Promise<ExecutionResult> => {
    const known = seen.get(args.document);
    if (!known) {
      seen.set(args.document, { compiled: new Map() });
      return withCodes(await execute(args));
    }
    const compiled = compiledOf(known, args);
    if (compiled === 'interpreted') return withCodes(await execute(args));
    return withCodes(await compiled.query(args.rootValue, args.contextValue, args.variableValues ?? {}));
  };
}

function compiledOf(
  { compiled }: Seen,
  { schema, document, operationName }: ExecutionArgs,
): CompiledQuery | 'interpreted' {
  const name = operationName ?? '';
  const known = compiled.get(name);
  if (known) return known;
  const runnable = canCompile(schema, document) ? compiledOrNot(schema, document, name) : 'interpreted';
  compiled.set(name, runnable);
  return runnable;
}

function compiledOrNot(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | 'interpreted' {
  const result = compileQuery(schema, document, name, { disablingCapturingStackErrors: true });
  return isCompiledQuery(result) ? result : 'interpreted';
}

/** graphql-jit forgets the defaults of input fields inside variables, and loses a field that is called __proto__. */
function canCompile(schema: GraphQLSchema, document: DocumentNode): boolean {
  let can = true;
  visit(document, {
    VariableDefinition: ({ type }) => {
      const input = typeFromAST(schema, type as NamedTypeNode);
      if (input && hasDefaults(getNamedType(input), new Set())) can = false;
    },
    Field: ({ alias }) => {
      if (alias?.value === '__proto__') can = false;
    },
  });
  return can;
}

function hasDefaults(type: GraphQLNamedType, seen: Set<GraphQLNamedType>): boolean {
  if (!isInputObjectType(type) || seen.has(type)) return false;
  seen.add(type);
  const fields = Object.values(type.getFields());
  return fields.some((field) => field.defaultValue !== undefined || hasDefaults(getNamedType(field.type), seen));
}

/**
 * Errors of compiled operations can come without `extensions`, which Apollo takes for granted. And a
 * result without data means that the variables did not fit: nothing was run.
 */
function withCodes(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  const extensions = 'data' in result ? {} : { code: 'BAD_USER_INPUT' };
  return {
    ...result,
    errors: result.errors.map((error) => (error.extensions?.['code'] ? error : extended(error, extensions))),
  };
}

const extended = (error: GraphQLError, extensions: object): GraphQLError =>
  Object.create(error, { extensions: { value: { ...error.extensions, ...extensions }, enumerable: true } });
