import type { Row } from './copied-rows.js';

/** @returns the first of these columns that has a value; undefined if none has, or the text is empty */
export function textIn(row: Row, ...columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const text = row.get(column);
    if (text) return text;
  }
  return undefined;
}

export function booleanIn(row: Row, ...columns: readonly string[]): boolean | undefined {
  const text = textIn(row, ...columns);
  return text === undefined ? undefined : ['t', 'true', '1'].includes(text);
}

/** Instants without a time zone are taken as UTC, in which such systems store them. */
export function instantIn(row: Row, ...columns: readonly string[]): string | undefined {
  const text = textIn(row, ...columns)?.replace(' ', 'T');
  if (text === undefined) return undefined;
  if (/[+-]\d{2}$/.test(text) && text.includes('T')) return `${text}:00`.replace(/[+-]00:00$/, 'Z');
  return /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
}

/** @returns the object in a column of JSON; empty for anything else */
export function objectIn(row: Row, ...columns: readonly string[]): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(textIn(row, ...columns) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
