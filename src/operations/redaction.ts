/** Names of secret members in any spelling: password, newPassword, access_token, X-Api-Key, Set-Cookie. */
const secretName =
  /passw|passphrase|token|secret|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|recovery[-_]?code|^headers$/i;
/** User name and password in a URL. */
const userInUrl = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi;
const redacted = '[Redacted]';

/**
 * Redacts secrets anywhere in a log line. Works on the finished JSON, so errors and fields of child loggers are
 * covered.
 * @param line one line of JSON
 */
export const withoutSecrets = (line: string): string => `${JSON.stringify(JSON.parse(line, withoutSecret))}\n`;

function withoutSecret(name: string, value: unknown): unknown {
  if (secretName.test(name)) return redacted;
  return typeof value === 'string' ? withoutUserInUrl(value) : value;
}

/** Redacts user names and passwords of URLs in a text. */
export const withoutUserInUrl = (text: string): string => text.replace(userInUrl, `$1${redacted}@`);
