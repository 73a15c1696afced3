import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefreshCookie } from '../graphql/context.js';

/** The prefix makes browsers insist on Secure, on Path=/ and on the very host that set it (RFC 6265bis, section 4.1.3). */
const name = '__Host-gatehouse-refresh';
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

export const refreshCookie = (request: FastifyRequest, reply: FastifyReply): RefreshCookie => ({
  read: () => request.cookies[name],
  write: (token, expires) => void reply.setCookie(name, token, { ...attributes, ...(expires && { expires }) }),
  clear: () => void reply.clearCookie(name, attributes),
});
