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
import type { Context } from '../graphql/context.js';
import { bounded, type OperationArgs } from './bounded-execution.js';
import { sizeOf } from './kept-documents.js';
import { selectionsIn } from './operation-shape.js';
import { noteRequest } from './request-of-error.js';

/** Bound of the cache of documents and their compiled code, in bytes. */
const mostKept = 32 * 1024 ** 2;
/**
 * Memory of the compiled code of one field, with what the engine generates when it runs, in bytes: measured, 100 to
 * 4,300.
 */
const perSelection = 4500;
/** Compiling takes a tenth of a millisecond per field; larger operations are interpreted. */
const mostSelections = 300;

interface Seen {
  /** How the document runs, by operation name. */
  readonly compiled: Map<string, CompiledQuery | 'interpreted'>;
}

/**
 * Called when an answer is complete. Not called for an operation that its ceiling or time limit ended: that one pays
 * its whole reservation.
 */
type Settle = (context: Context) => void;

export type Executor = (args: OperationArgs) => Promise<ExecutionResult>;

/**
 * Creates the executor of queries and mutations. Compiling an operation takes half a millisecond and saves more than
 * half of each later execution, so a document is compiled the second time it is seen; graphql-js interprets the rest.
 */
export function createExecutor(settle: Settle = () => undefined): Executor {
  const seen = new LRUCache<DocumentNode, Seen>({ maxSize: mostKept, sizeCalculation: sizeWithCode });
  return (args) => {
    const arrive = (result: ExecutionResult) => {
      if (!args.contextValue.meter.endedBy) settle(args.contextValue);
      return withCodes(result, args.contextValue);
    };
    return bounded(args, () => choose(seen, args), arrive);
  };
}

function choose(seen: LRUCache<DocumentNode, Seen>, args: OperationArgs): ExecutionResult | Promise<ExecutionResult> {
  const known = seen.get(args.document);
  if (!known) {
    seen.set(args.document, { compiled: new Map() });
    return execute(args);
  }
  const compiled = compiledOf(known, args, () => {
    // The cache keeps the old size when an entry is set again, so it is deleted first.
    seen.delete(args.document);
    seen.set(args.document, known);
  });
  if (compiled === 'interpreted') return execute(args);
  return compiled.query(args.rootValue, args.contextValue, args.variableValues ?? {});
}

/** An interpreted operation takes no memory beyond its document. */
function sizeWithCode({ compiled }: Seen, document: DocumentNode): number {
  const operations = [...compiled.values()].filter((runnable) => runnable !== 'interpreted').length;
  return sizeOf(document) + (operations > 0 ? operations * selectionsIn(document) * perSelection : 0);
}

/** @param onGrowth called when the operation has been examined for the first time, which changes the entry's size */
function compiledOf(
  { compiled }: Seen,
  { schema, document, operationName }: ExecutionArgs,
  onGrowth: () => void,
): CompiledQuery | 'interpreted' {
  const name = operationName ?? '';
  const known = compiled.get(name);
  if (known) return known;
  const runnable = canCompile(schema, document) ? compiledOrNot(schema, document, name) : 'interpreted';
  compiled.set(name, runnable);
  onGrowth();
  return runnable;
}

function compiledOrNot(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | 'interpreted' {
  const result = compileQuery(schema, document, name, { disablingCapturingStackErrors: true });
  return isCompiledQuery(result) ? result : 'interpreted';
}

/** graphql-jit ignores defaults of input fields inside variables, and loses a field that is called `__proto__`. */
function canCompile(schema: GraphQLSchema, document: DocumentNode): boolean {
  let can = selectionsIn(document) <= mostSelections;
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
 * Completes errors of compiled operations, which can lack the `extensions` that Apollo relies on. A result without
 * `data` means that the variables were invalid and nothing ran, so its errors get the code BAD_USER_INPUT. Notes the id of
 * the request, which Apollo does not pass to `formatError`.
 */
function withCodes(result: ExecutionResult, context: Context): ExecutionResult {
  if (!result.errors) return result;
  const extensions = 'data' in result ? {} : { code: 'BAD_USER_INPUT' };
  const errors = result.errors.map((error) => (error.extensions?.['code'] ? error : extended(error, extensions)));
  for (const error of errors) noteRequest(error, context.client.requestId);
  return { ...result, errors };
}

const extended = (error: GraphQLError, extensions: object): GraphQLError =>
  Object.create(error, { extensions: { value: { ...error.extensions, ...extensions }, enumerable: true } });
