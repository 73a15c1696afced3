import { useLanguage } from './context';

/** Formats for the reader's language and time zone. Instants are RFC 3339 texts, as the API gives them. */
export interface Format {
  /** For example `27 Nov 2026, 14:05`. */
  readonly dateTime: (instant: string) => string;
  readonly date: (instant: string) => string;
  /** For example `3 minutes ago` or `in 2 days`. */
  readonly relative: (instant: string) => string;
  /** For example `40 seconds` or `3 minutes`. */
  readonly duration: (seconds: number) => string;
  readonly list: (items: readonly string[]) => string;
}

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const stepFor = (seconds: number) =>
  steps.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);

export function useFormat(): Format {
  const { language, timeZone } = useLanguage();
  const zoned = timeZone === undefined ? {} : { timeZone };
  return {
    dateTime: (instant) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...zoned }).format(
        new Date(instant),
      ),
    date: (instant) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...zoned }).format(new Date(instant)),
    relative: (instant) => {
      const seconds = (new Date(instant).getTime() - Date.now()) / 1000;
      const [unit, length] = stepFor(seconds);
      return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
    },
    duration: (seconds) => {
      const [unit, length] = stepFor(Math.min(seconds, 86_399));
      const count = Math.ceil(seconds / length);
      return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    },
    list: (items) => new Intl.ListFormat(language).format(items),
  };
}
