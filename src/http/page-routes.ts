import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Page, Pages } from './pages.js';
import { addVary } from './vary.js';

/** Paths of the account pages; the script of the page shows the right one. Those of mailed links are among them. */
const accountPaths = [
  '/',
  '/register',
  '/verify-email',
  '/disown-registration',
  '/login',
  '/forgot-password',
  '/reset-password',
  '/confirm-email-change',
  '/undo-email-change',
  '/account',
  '/account/*',
] as const;

/** Screens of the console, which its script tells apart. */
const consolePaths = ['/console', '/console/*'] as const;

/** Whether a browser asks for a document, not a program for data. */
export const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html');

/** Whether a browser opens the plain address of the API, without an operation. */
export const opensAddress = (request: FastifyRequest): boolean =>
  wantsPage(request) && !(request.query as { readonly query?: unknown }).query;

/** Browsers keep a page but ask each time whether it is still the newest one. */
export function sendPage({ headers }: FastifyRequest, reply: FastifyReply, { html, etag, policy }: Page): FastifyReply {
  reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-cache', etag });
  if (headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('text/html; charset=utf-8').send(html);
}

/** The script of the page says that there is nothing. */
export const sendNotFound = (reply: FastifyReply, { html, policy }: Page): FastifyReply =>
  reply.code(404).header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);

/** Adds the routes of pages, their scripts and styles. */
export async function addPages(server: FastifyInstance, pages: Pages): Promise<void> {
  const { account, playground, logo, assets } = pages;
  for (const path of accountPaths) server.get(path, (request, reply) => sendPage(request, reply, account));
  for (const path of consolePaths) server.get(path, (request, reply) => sendPage(request, reply, pages.console));
  if (playground) server.get('/playground', (request, reply) => sendPage(request, reply, playground));
  // https://w3c.github.io/webappsec-change-password-url
  server.get('/.well-known/change-password', (_request, reply) => reply.redirect('/account/security', 303));
  if (logo) {
    server.get('/logo', (_request, reply) =>
      reply.header('cache-control', 'public, max-age=3600').type(logo.type).send(logo.content),
    );
  }
  await server.register(async (scope) => {
    // What the plugin sets, CORS replaces by a Vary of its own.
    scope.addHook('onSend', (_request, reply, _payload, done) => {
      addVary(reply, 'Accept-Encoding');
      done();
    });
    // Their names change with their content.
    await scope.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: false,
    });
  });
}

const documentPaths = new Set<string | undefined>([...accountPaths, ...consolePaths, '/playground', '/dev/mailbox']);

/** Whether what the pages are built from answers. What is not there has a page, too. */
const isOfPages = (request: FastifyRequest): boolean =>
  request.url.startsWith('/assets/') ||
  documentPaths.has(request.routeOptions.url) ||
  (request.is404 && wantsPage(request));

/**
 * Holds requests for pages, their scripts and styles until there are some.
 * @param filled rejects when there will be none
 * @param refuse answers then
 */
export function holdUntil(server: FastifyInstance, filled: Promise<void>, refuse: (reply: FastifyReply) => void): void {
  let isFilled = false;
  filled.then(
    () => {
      isFilled = true;
    },
    () => undefined,
  );
  server.addHook('onRequest', (request, reply, done) => {
    if (isFilled || !isOfPages(request)) return done();
    filled.then(
      () => done(),
      () => refuse(reply),
    );
  });
}
