import '@fastify/cookie';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cookie, Cookies } from '../graphql/context.js';

/**
 * Browsers accept cookies with this prefix only with Secure, Path=/ and without Domain (RFC 6265bis, section 4.1.3).
 */
const names = { refresh: '__Host-gatehouse-refresh', device: '__Host-gatehouse-device' } as const;
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;
const deviceCookie = new RegExp(`(?:^|; *)${names.device}=([\\w.-]+)`);

/** The cookies of one request. They are parsed when an operation reads them; few do. */
export class RequestCookies implements Cookies {
  /** @param count false: cookies are neither read nor written */
  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    readonly count: boolean,
  ) {}

  get refresh(): Cookie {
    return this.cookie(names.refresh);
  }

  get device(): Cookie {
    return this.cookie(names.device);
  }

  private cookie(name: string): Cookie {
    return this.count ? cookieOf(this.request, this.reply, name) : none;
  }
}

const none: Cookie = { read: () => undefined, write: () => undefined, clear: () => undefined };

function cookieOf(request: FastifyRequest, reply: FastifyReply, name: string): Cookie {
  return {
    read: () => request.server.parseCookie(request.headers.cookie ?? '')[name],
    write: (token, expires) => void reply.setCookie(name, token, { ...attributes, ...(expires && { expires }) }),
    clear: () => void reply.clearCookie(name, attributes),
  };
}

/** Reads the device token from the headers, which also works for the handshake of a websocket. */
export const deviceTokenIn = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null =>
  deviceCookie.exec(headers.cookie ?? '')?.[1] ?? null;
