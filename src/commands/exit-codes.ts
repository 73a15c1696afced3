/** What the program ends with, beside 0 when it was done and nothing was found. */
export const exitCodes = {
  /** It was not done, or something was found: `doctor`, `events verify`, `migrate status`. */
  failed: 1,
  /** An unknown command or option, or an argument too few or too many: nothing was begun. */
  usage: 2,
} as const;
