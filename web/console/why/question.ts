import { useMemo } from 'react';
import { useUrlState } from '../ui/use-url-state';

/** The question as the address has it. */
export interface Question {
  readonly person: string;
  readonly check: { readonly action: string; readonly resource: string; readonly attributes: Attributes | null };
  /** RFC 3339; undefined: now. */
  readonly at: string | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** @returns undefined for a text that is no JSON object; null for an empty one */
function attributesIn(text: string): Attributes | null | undefined {
  if (!text.trim()) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Attributes) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined while action or resource are missing, or the attributes are not valid; `person` may be empty */
export function useQuestion(): Question | undefined {
  const [url] = useUrlState();
  const [person, action, resource] = ['person', 'action', 'resource'].map((name) => url.get(name)?.trim() ?? '');
  const [text, at] = [url.get('attributes') ?? '', url.get('at') ?? ''];
  return useMemo(() => {
    const attributes = attributesIn(text);
    if (!action || !resource || attributes === undefined) return undefined;
    return { person: person?.toLowerCase() ?? '', check: { action, resource, attributes }, at: instantIn(at) };
  }, [person, action, resource, text, at]);
}

const firstYear = Date.parse('0001-01-01T00:00:00Z');

/** An address that somebody typed may hold anything. @returns the instant in UTC, RFC 3339; undefined for no instant */
export function instantIn(text: string): string | undefined {
  const instant = Date.parse(text);
  const isKnown = instant >= firstYear && instant < Date.UTC(9999, 0);
  return isKnown ? new Date(instant).toISOString() : undefined;
}
