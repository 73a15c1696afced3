import { useEffect, useState } from 'react';
import { serverNow } from '../../server-clock';
import { useUrlState } from '../ui/use-url-state';

export type SpanName = 'day' | 'week' | 'month';

export interface Span {
  readonly name: SpanName;
  readonly interval: 'HOUR' | 'DAY';
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
}

const hour = 3_600_000;
/** From the beginning of the first interval until now, in milliseconds; the running hour or day is one of them. */
const lengths = { day: 23 * hour, week: 6 * 24 * hour, month: 29 * 24 * hour } as const;
export const spanNames = Object.keys(lengths) as readonly SpanName[];

const minute = 60_000;

/** The span that the address names, until now; it moves on each minute, and when the window is looked at again. */
export function useSpan(): Span {
  const [url] = useUrlState();
  const name = spanNames.find((one) => one === url.get('range')) ?? 'day';
  const to = useMinutes();
  const from = new Date(to - lengths[name]).toISOString();
  return { name, interval: name === 'day' ? 'HOUR' : 'DAY', from, to: new Date(to).toISOString() };
}

function useMinutes(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = () => document.visibilityState === 'visible' && setNow(serverNow());
    const timer = setInterval(tick, minute);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return now;
}
