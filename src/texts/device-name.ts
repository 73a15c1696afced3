import Bowser from 'bowser';

export const unknownDevice = 'Unknown device';
/** In characters. What follows is not needed, and regular expressions should not run on text of unbounded length. */
const longest = 512;
const browsers: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const systems: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));
/**
 * The first product of the header (RFC 9110, section 10.1.5). Without dots and blanks, so that it cannot be a link or a
 * sentence in a mail.
 */
const product = /^(?!Mozilla\b)[A-Za-z][\w-]{0,30}(?=[/\s]|$)/;

/**
 * The name of a device for people, such as "Firefox on Linux". Clients choose their user agent freely, so only known
 * names and one short word of the client's own are repeated.
 * @returns "Unknown device" if the user agent contains neither
 */
export function deviceName(userAgent: string | null): string {
  const text = userAgent?.slice(0, longest).trim();
  if (!text) return unknownDevice;
  const { browser, os } = Bowser.parse(text);
  const program = browser.name && browsers.has(browser.name) ? browser.name : product.exec(text)?.[0];
  const system = os.name && systems.has(os.name) ? os.name : undefined;
  // "Samsung Internet for Android on Android" would repeat the system.
  const parts = [program?.replace(/ for .*/, ''), system].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' on ') : unknownDevice;
}
