import { isLine } from '../texts/plain-text.js';

/** In characters; the length that browsers and proxies generally support. */
const longestAddress = 2048;

/** Requires `//` and an authority: browsers interpret `https:example.com` and `https:\\example.com` differently. */
const shape = /^https?:\/\/[^/\\?#][^\s\\<>"`]*$/i;

/** Whether a text is an absolute web URL without credentials, which may be shown as a link. */
export function isWebAddress(text: string, schemes: readonly ('http:' | 'https:')[]): boolean {
  if (!isLine(text, longestAddress) || !shape.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, href } = new URL(text);
  const isAllowed = schemes.some((scheme) => scheme === protocol);
  // An empty user name leaves no trace in the parsed URL, so the `@` is searched in the text.
  const hasCredentials = username !== '' || password !== '' || /^https?:\/\/[^/?#]*@/i.test(text);
  return isAllowed && !hasCredentials && href.length <= longestAddress;
}
