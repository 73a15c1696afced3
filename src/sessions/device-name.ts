import Bowser from 'bowser';

/** @returns what people call it: "Firefox on Linux"; "Unknown device" when the user agent tells nothing */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  const program = browser.name || /^[\p{L}][\p{L}\d ._-]{0,40}(?=\/|$)/u.exec(userAgent)?.[0];
  const parts = [program, os.name].filter(Boolean);
  return parts.length > 0 ? parts.join(' on ') : 'Unknown device';
}
