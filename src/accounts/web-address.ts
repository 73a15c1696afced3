import { isLine } from '../texts/plain-text.js';

/** What browsers and proxies carry everywhere. */
const longestAddress = 2048;

/** An authority must follow: a browser reads `https:example.com` and `https:\\example.com` as it likes. */
const shape = /^https?:\/\/[^/\\?#][^\s\\<>"`]*$/i;

/** Whether a text is an absolute URL that may be shown as a link: of the web, and without credentials. */
export function isWebAddress(text: string, schemes: readonly ('http:' | 'https:')[]): boolean {
  if (!isLine(text, longestAddress) || !shape.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, href } = new URL(text);
  const isAllowed = schemes.some((scheme) => scheme === protocol);
  // An empty user name leaves no trace but the @.
  const hasCredentials = username !== '' || password !== '' || /^https?:\/\/[^/?#]*@/i.test(text);
  return isAllowed && !hasCredentials && href.length <= longestAddress;
}
