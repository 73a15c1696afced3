/** What nodemailer and Node tell of a failed connection to a mail server. */
interface MailFault {
  /** Nodemailer's kind of error. */
  readonly code?: string;
  /** The code of the system, of TLS or of the name server. */
  readonly originalCode?: string;
  /** Reply of the server (RFC 5321, section 4.2). */
  readonly responseCode?: number;
  readonly timeoutType?: string;
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection: nothing listens on this port',
  ENOTFOUND: 'is unknown: no name server knows this host',
  EAI_AGAIN: 'cannot be found: the name server does not answer',
  EHOSTUNREACH: 'cannot be reached: there is no route to this host',
  ENETUNREACH: 'cannot be reached: there is no route to this network',
  ETIMEDOUT: 'does not answer in time',
  CONNECT_TIMEOUT: 'does not answer in time: a firewall may drop the connection',
  GREETING_TIMEOUT:
    'accepts the connection but sends no greeting: a port with TLS from the start, often 465, needs smtps://',
  ECONNRESET: 'ends the connection',
  ECONNECTION: 'ends the connection',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not begin with TLS on this port: use smtp:// there, which turns it on if offered',
  ETLS: 'does not offer TLS, which SMTP_URL demands',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet: is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate that it has signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate of an authority that is not trusted here: see NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'shows a certificate of an authority that is not trusted here: see NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate without those of its authority',
};

/** Words that follow the server's address. Only codes are taken from the error: a server's reply may repeat a password. */
export function wordsForMailFault(error: unknown): string {
  const { code = '', originalCode = '', responseCode, timeoutType = '' } = error as MailFault;
  const reply = responseCode === undefined ? '' : ` (${responseCode})`;
  if (code === 'EAUTH')
    return responseCode ? `refuses the user or the password${reply}` : 'asks for a user and a password';
  const known = words[originalCode] ?? words[timeoutType] ?? words[code];
  if (known !== undefined) return known;
  if (responseCode !== undefined) return `turns the connection away${reply}`;
  return `cannot be used (${originalCode || code || 'unknown error'})`;
}
