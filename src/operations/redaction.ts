/** Names of members that hold secrets, in whatever spelling: password, newPassword, access_token, X-Api-Key, Set-Cookie. */
const secretName =
  /passw|passphrase|token|secret|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|recovery[-_]?code|^headers$/i;
/** The user and the password in a URL. */
const userInUrl = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi;
const redacted = '[Redacted]';

/**
 * Takes the secrets out of a line of the log, wherever they stand in it: what is looked at is what would be written,
 * after whatever was logged, errors and child loggers among it, has become JSON.
 */
export const withoutSecrets = (line: string): string => `${JSON.stringify(JSON.parse(line, withoutSecret))}\n`;

function withoutSecret(name: string, value: unknown): unknown {
  if (secretName.test(name)) return redacted;
  return typeof value === 'string' ? value.replace(userInUrl, `$1${redacted}@`) : value;
}
