import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CostBudget } from '../api/cost-budget.js';
import type { ChosenDocument, Documents } from '../api/documents.js';
import type { RepeatedOperations } from '../api/repeated-operations.js';
import { reportOperation } from '../api/report-operation.js';
import { badInput, type CodedError, type ErrorCode } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Held } from '../operations/held.js';
import { AnswerCompression } from './answer-compression.js';
import { membersOf, putText } from './asked-request.js';
import { contextError } from './context-error.js';
import { Turn } from './turn.js';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Set once its creation has begun. Kept on the request because the garbage collector traverses WeakMaps at each
     * run.
     */
    graphqlContext: Promise<Context> | null;
    /** What the request is to run; null before that is known. */
    chosenDocument: ChosenDocument | null;
  }
}

export interface GraphqlOptions {
  readonly apollo: ApolloServer<Context>;
  readonly repeated: RepeatedOperations;
  readonly documents: Documents;
  readonly budget: CostBudget;
  readonly held: Held;
  /** Reports a request that was refused before its caller was determined. */
  readonly reportUnread: (request: FastifyRequest, code: ErrorCode) => void;
  /** Whether answers say how long they took, for developers. */
  readonly tellsTimes: boolean;
  readonly createContext: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
}

/** In characters. Smaller answers fit into the buffers of their connection, so they are not counted as held. */
export const smallAnswer = 64 * 1024;

/**
 * Handles /graphql. Known operations take the fast path; Apollo handles everything else, including errors that occur
 * before the operation.
 */
export function graphqlHandler(options: GraphqlOptions) {
  const { apollo, repeated, documents, budget, createContext, tellsTimes, held, reportUnread } = options;
  const compression = new AnswerCompression(held);
  const turn = new Turn();
  /** Creates the context once per request. A second attempt after a failure would wait for the database again. */
  const contextOf = (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    request.graphqlContext ??= createContext(request, reply);
    return request.graphqlContext;
  };
  const admitted = async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const made = await contextOf(request, reply);
    const refusal = budget.refusalOf(made) ?? documents.admit(made, request.chosenDocument ?? {});
    if (!refusal) return made;
    reportRefusal(made, request, refusal);
    throw contextError(refusal);
  };
  const viaApollo = fastifyApolloHandler(apollo, { context: admitted });
  const throughApollo = async (server: FastifyInstance, request: FastifyRequest, reply: FastifyReply) => {
    const answer = await viaApollo.call(server, request, reply);
    const { chosenDocument: chosen } = request;
    if (chosen?.hash !== undefined && repeated.knows(chosen.text ?? '')) documents.keep(chosen);
    const context = await request.graphqlContext?.catch(() => undefined);
    // What Apollo refuses before it tells its plugins: requests that a form could send, batches, members of a wrong type.
    if (!request.graphqlContext) reportUnread(request, badRequest.code);
    else if (context && !context.progress.isReported) reportRefusal(context, request, badRequest);
    return typeof answer === 'string' && context ? finished(request, reply, answer, context) : answer;
  };
  /** Called when the answer has been made. @returns what is sent */
  const finished = (request: FastifyRequest, reply: FastifyReply, body: string, context: Context) => {
    if (tellsTimes) reply.header('server-timing', serverTiming(context));
    return compression.compress(request, reply, body, context.progress.isQuery);
  };
  return async function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const chosen = chooseFor(documents, request);
    const known = chosen.refusal ? undefined : repeated.find(request);
    if (!known) return throughApollo(this, request, reply);
    let context: Context;
    try {
      context = await contextOf(request, reply);
    } catch {
      // Apollo formats the error of a failed context.
      return throughApollo(this, request, reply);
    }
    documents.admit(context, chosen);
    const { status, retryAfter, body } = await repeated.answer(known, context);
    documents.keep(chosen);
    // A large one is counted as held from when it is sent, so it does not wait.
    if (body.length <= smallAnswer) await turn.end();
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    void reply.code(status).header('content-type', `${known.mediaType}; charset=utf-8`);
    return finished(request, reply, body, context);
  };
}

const badRequest = badInput('The request is malformed.');

/** Both ways find the text in the request, whether it was sent or named. */
function chooseFor(documents: Documents, request: FastifyRequest): ChosenDocument {
  const members = membersOf(request);
  if (!members) return {};
  const chosen = documents.choose(members);
  request.chosenDocument = chosen;
  const isThere = 'query' in members && members.query === chosen.text && !('extensions' in members);
  if (chosen.text !== undefined && !isThere) putText(request, members, chosen.text);
  return chosen;
}

/**
 * https://www.w3.org/TR/server-timing. Statements of one operation may run side by side, so theirs may be the longer time. Of
 * transactions only their number is told.
 */
function serverTiming({ startedAt, meter: { sent, sqlTime } }: Context): string {
  const total = (performance.now() - startedAt).toFixed(1);
  return `total;dur=${total}, sql;dur=${sqlTime.toFixed(1)};desc="${sent.inTransactions + sent.others} statements"`;
}

function reportRefusal(context: Context, { body }: FastifyRequest, refusal: CodedError): void {
  const { operationName } = (body ?? {}) as { readonly operationName?: unknown };
  const name = typeof operationName === 'string' ? operationName : null;
  reportOperation(context, { kind: 'unknown', name, result: { errors: [refusal] } });
}
