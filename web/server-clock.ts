/** By how much the service's clock is ahead of this device's, in milliseconds. */
let offset = 0;
/** The service tells whole seconds, and an answer takes its time: smaller differences are not believed. */
const smallestOffset = 5000;

/** Reads the header `Date` of an answer. */
export function noteServerTime({ headers }: Response): void {
  const told = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(told)) return;
  const difference = told - Date.now();
  offset = Math.abs(difference) < smallestOffset ? 0 : difference;
}

/** The instant by the service's clock, in milliseconds since 1970, also on a device whose clock is wrong. */
export const serverNow = (): number => Date.now() + offset;
