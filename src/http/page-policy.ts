/** `mailbox` is `strict`, and shows documents of the service in frames. */
export type PageKind = 'strict' | 'playground' | 'mailbox';

/**
 * Content-Security-Policy of a page (CSP level 3). No page runs a script or takes a style from its own text, or loads
 * anything from another host. Forms are sent by script only, so that a page whose script has failed sends no password.
 * @param kind the editor of the playground adds style elements, and runs workers; its policy is looser on its own route
 */
export function pagePolicy(publicUrl: string, kind: PageKind): string {
  // Older browsers do not take websockets of the page's own host for 'self'.
  const socket = new URL(publicUrl).origin.replace(/^http/, 'ws');
  const common = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'connect-src': `'self' ${socket}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  const strict = { ...common, 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" };
  const playground = {
    ...common,
    'style-src': "'self' 'unsafe-inline'",
    'font-src': "'self'",
    'worker-src': "'self'",
  };
  const directives = { strict, playground, mailbox: { ...strict, 'frame-src': "'self'" } }[kind];
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
