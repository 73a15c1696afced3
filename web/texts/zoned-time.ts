/**
 * The instant at which clocks of a time zone show something.
 * @param local what they show, as `2026-11-27T14:05`; a time that a change of clocks leaves out counts as an hour later or earlier
 * @param timeZone name from the IANA time zone database; undefined: that of the browser
 */
export function instantOf(local: string, timeZone: string | undefined): Date {
  if (timeZone === undefined) return new Date(local);
  const wanted = Date.parse(`${local}Z`);
  const first = wanted - aheadAt(wanted, timeZone);
  // Once more, because the clocks may be changed between the two.
  return new Date(wanted - aheadAt(first, timeZone));
}

/** How far the clocks of a time zone are ahead of UTC at an instant, in milliseconds. Swedish dates are those of ISO 8601. */
function aheadAt(instant: number, timeZone: string): number {
  const shown = new Date(instant).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
  return Date.parse(`${shown}Z`) - Math.floor(instant / 1000) * 1000;
}

/** What clocks of a time zone show at an instant, as `2026-11-27T14:05:12`. @returns an empty text for what is no instant */
export function localOf(at: string, timeZone: string | undefined): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return '';
  return instant.toLocaleString('sv-SE', timeZone === undefined ? {} : { timeZone }).replace(' ', 'T');
}
