export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** @returns undefined for what is no JSON */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** @returns undefined for a text that is no JSON object */
export function objectIn(text: string): Readonly<Record<string, Json>> | undefined {
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, Json>>) : undefined;
}
