import Bowser from 'bowser';

const unknown = 'Unknown device';
/** What comes behind says nothing that we show, and a parser of regular expressions is not fed at will. */
const longest = 512;
const browsers: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const systems: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));
/** The first product of the header (RFC 9110, section 10.1.5): without dots and blanks, so that it is neither a link nor a sentence in a mail. */
const product = /^(?!Mozilla\b)[A-Za-z][\w-]{0,30}(?=[/\s]|$)/;

/**
 * What people call it: "Firefox on Linux". The client writes its user agent itself, so nothing but names that
 * are known and one short word of its own is repeated.
 * @returns "Unknown device" when the user agent tells nothing
 */
export function deviceName(userAgent: string | null): string {
  const text = userAgent?.slice(0, longest).trim();
  if (!text) return unknown;
  const { browser, os } = Bowser.parse(text);
  const program = browser.name && browsers.has(browser.name) ? browser.name : product.exec(text)?.[0];
  const system = os.name && systems.has(os.name) ? os.name : undefined;
  // "Samsung Internet for Android" needs no second mention.
  const parts = [program?.replace(/ for .*/, ''), system].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' on ') : unknown;
}
