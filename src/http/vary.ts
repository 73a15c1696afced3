import type { FastifyReply } from 'fastify';

/** Names a request header that the answer depends on, beside those that are named already, such as Origin by CORS. */
export const addVary = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('vary', [reply.getHeader('vary'), name].filter(Boolean).join(', '));
