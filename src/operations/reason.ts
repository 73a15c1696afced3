/** Longest reason that is kept, in characters. */
const longestReason = 300;

/** A server may repeat a mail, and with it a token, in its reply. Tokens have 43 characters of base64url. */
const secrets = /(token=)?[\w-]{40,}|token=[\w-]+/gi;
const userInUrl = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi;

/**
 * The reason of an error for the database and for administrators: an SMTP server's reply, or a message, without anything
 * that looks like a secret. Messages of the database driver repeat statements and values, so only their code is given.
 */
export function reasonOf(error: unknown): string {
  const text = textOf(error)
    .replace(secrets, (_all, name) => (name ? `${name}…` : '…'))
    .replace(userInUrl, '$1…@');
  return text.length > longestReason ? `${text.slice(0, longestReason - 1)}…` : text;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${typeof error}`;
  const { code, response, syscall } = error as { code?: unknown; response?: unknown; syscall?: unknown };
  if (typeof response === 'string') return response;
  const isDriver =
    (code !== undefined && syscall === undefined) || 'query' in error || error.name.includes('Exception');
  return isDriver ? `${error.name} ${String(code ?? '')}`.trim() : error.message || error.name;
}
