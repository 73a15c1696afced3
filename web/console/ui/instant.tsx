import { useEffect, useState } from 'react';
import { serverNow } from '../../server-clock';
import { useLanguage } from '../../texts/context';
import { useFormat } from '../../texts/format';

/**
 * An instant in the viewer's time zone; hovering shows it to the millisecond with the zone, and in UTC.
 * @param props.at RFC 3339
 * @param props.how `relative` says how long ago by the service's clock, and is brought up to date each half minute
 */
export function Instant({
  at,
  how = 'dateTime',
}: {
  readonly at: string;
  readonly how?: 'dateTime' | 'date' | 'relative';
}) {
  const format = useFormat();
  const exact = useExactInstant();
  useMinute(how === 'relative');
  const text =
    how === 'relative'
      ? format.relative(new Date(Date.parse(at) - serverNow() + Date.now()).toISOString())
      : format[how](at);
  return (
    <time dateTime={at} title={exact(at)}>
      {text}
    </time>
  );
}

/** @returns a text such as `27 Nov 2026, 14:05:12.345 CET (2026-11-27T13:05:12.345Z)` */
export function useExactInstant(): (at: string) => string {
  const { language, timeZone } = useLanguage();
  return (at) => {
    const instant = new Date(at);
    const zoned = new Intl.DateTimeFormat(language, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      timeZoneName: 'short',
      ...(timeZone === undefined ? {} : { timeZone }),
    }).format(instant);
    return `${zoned} (${instant.toISOString()})`;
  };
}

function useMinute(isNeeded: boolean): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const timer = setInterval(() => setTicks((before) => before + 1), 30_000);
    return () => clearInterval(timer);
  }, [isNeeded]);
}
