import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLocalAddress } from '../config-values.js';
import { htmlIn } from '../mail/mail-file.js';
import type { MailFolder } from '../mail/mail-folder.js';
import { MailArrivals } from './mail-arrivals.js';
import { sendPage } from './page-routes.js';
import type { Pages } from './pages.js';

interface Options {
  readonly publicUrl: () => string;
  readonly pages: Pages | undefined;
  readonly stopping: AbortSignal;
}

const path = '/dev/mailbox';
const mostListed = 200;

/**
 * Adds the page and the data of the mailbox for development. Mails contain links that take accounts over, so requests are
 * answered 404 that pages of other origins could send.
 */
export function addDevMailbox(
  server: FastifyInstance,
  folder: MailFolder,
  { publicUrl, pages, stopping }: Options,
): void {
  const arrivals = new MailArrivals(folder.path);
  stopping.addEventListener('abort', () => arrivals.close(), { once: true });
  server.addHook('onRequest', (request, reply, done) => {
    // Preflights have no route of their own.
    const isHere = request.routeOptions.url?.startsWith(path) || request.url.startsWith(path);
    if (!isHere) return done();
    reply.header('cache-control', 'no-store');
    if (!isOfThisMachine(request, publicUrl()) || !(isOfOwnPage(request) || isNavigation(request)))
      return void reply.callNotFound();
    done();
  });
  const page = pages?.mailbox;
  if (page) server.get(path, (request, reply) => sendPage(request, reply, page));
  server.get(`${path}/messages`, async () => folder.newest(mostListed));
  server.get<{ Params: { id: string } }>(`${path}/messages/:id`, async ({ params }, reply) => {
    const source = await folder.source(params.id);
    return source === undefined ? reply.callNotFound() : reply.type('text/plain; charset=utf-8').send(source);
  });
  server.get<{ Params: { id: string } }>(`${path}/messages/:id/html`, async ({ params }, reply) => {
    const html = htmlIn((await folder.source(params.id)) ?? '');
    return html === undefined
      ? reply.callNotFound()
      : reply.headers(framed).type('text/html; charset=utf-8').send(html);
  });
  // A HEAD would leave a stream open that nobody reads.
  server.get(`${path}/events`, { exposeHeadRoute: false }, (_request, reply) => sendArrivals(arrivals, reply));
}

/**
 * The HTML of a mail is shown in a frame of our own page alone. It runs no script, sends no form, loads nothing, and has
 * an origin of its own, also when its address is opened by itself; links open another window.
 */
const framed = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  'x-frame-options': 'SAMEORIGIN',
} as const;

function sendArrivals(arrivals: MailArrivals, reply: FastifyReply): FastifyReply {
  const stream = arrivals.open();
  if (!stream) return reply.code(503).header('retry-after', 5).send();
  // The connection ends with the stream, so that it does not delay the end of the service.
  return reply.headers({ 'content-type': 'text/event-stream', connection: 'close' }).send(stream);
}

/** Headers of proxies, behind which anybody may be. */
const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;
const ownNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether the request comes from this machine or its network, to a name of this machine. A page whose own name has been
 * pointed to this machine (DNS rebinding) sends its own name.
 */
function isOfThisMachine({ headers, socket }: FastifyRequest, publicUrl: string): boolean {
  if (forwarded.some((name) => headers[name] !== undefined)) return false;
  const url = `http://${headers.host}`;
  if (!isLocalAddress(socket.remoteAddress ?? '') || headers.host === undefined || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return ownNames.includes(hostname) || hostname === new URL(publicUrl).hostname;
}

/** Whether no page of another origin has sent the request, not even one of another port of this machine. */
function isOfOwnPage({ headers }: FastifyRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Whether a link leads to the page itself, which has no data in it. */
const isNavigation = ({ headers, routeOptions }: FastifyRequest): boolean =>
  routeOptions.url === path && headers['sec-fetch-mode'] === 'navigate';
