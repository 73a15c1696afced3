/** Rows that the service counts; of longer lists it estimates the length. */
const mostCounted = 10_000;

/** The length of a list for its reader, such as `42` or `≈ 312,000`. */
export const numberOf = (total: number, language: string): string =>
  `${total > mostCounted ? '≈\u00a0' : ''}${total.toLocaleString(language)}`;
