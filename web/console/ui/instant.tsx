import { useEffect, useState } from 'react';
import { serverNow } from '../../server-clock';
import { useLanguage } from '../../texts/context';
import { useFormat } from '../../texts/format';

/**
 * An instant in the viewer's time zone; hovering shows it to the millisecond with the zone, and in UTC.
 * @param props.at RFC 3339
 * @param props.how `compact`, for lists, has seconds and leaves the year out where it is this one. `relative` says how long ago
 *   by the service's clock, and is brought up to date each half minute.
 */
export function Instant({
  at,
  how = 'dateTime',
}: {
  readonly at: string;
  readonly how?: 'dateTime' | 'date' | 'relative' | 'compact';
}) {
  const exact = useExactInstant();
  const shown = useShown(at, how);
  return (
    <time dateTime={at} title={exact(at)}>
      {shown}
    </time>
  );
}

function useShown(at: string, how: 'dateTime' | 'date' | 'relative' | 'compact'): string {
  const format = useFormat();
  const { language, timeZone } = useLanguage();
  useHalfMinutes(how === 'relative');
  if (how === 'relative') return format.relative(new Date(Date.parse(at) - serverNow() + Date.now()).toISOString());
  if (how !== 'compact') return format[how](at);
  const yearOf = (instant: Date) => formatFor(language, timeZone, onlyYear).format(instant);
  const isThisYear = yearOf(new Date(at)) === yearOf(new Date(serverNow()));
  return formatFor(language, timeZone, isThisYear ? compact : { ...compact, year: 'numeric' }).format(new Date(at));
}

const onlyYear: Intl.DateTimeFormatOptions = { year: 'numeric' };
const compact: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
};
const exactly: Intl.DateTimeFormatOptions = {
  ...compact,
  year: 'numeric',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
};

/** @returns a text such as `27 Nov 2026, 14:05:12.345 CET (2026-11-27T13:05:12.345Z)` */
export function useExactInstant(): (at: string) => string {
  const { language, timeZone } = useLanguage();
  return (at) => {
    const instant = new Date(at);
    return `${formatFor(language, timeZone, exactly).format(instant)} (${instant.toISOString()})`;
  };
}

/** Making a format takes longer than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(
  language: string,
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${Object.keys(options).join()}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, timeZone === undefined ? options : { ...options, timeZone });
  formats.set(key, made);
  return made;
}

function useHalfMinutes(isNeeded: boolean): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const timer = setInterval(() => setTicks((before) => before + 1), 30_000);
    return () => clearInterval(timer);
  }, [isNeeded]);
}
