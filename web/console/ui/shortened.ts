/** More than any name of the API has. */
const longestName = 300;

/** Cuts a text that would fill the screen. @param most in UTF-16 code units */
export function shortened(text: string, most = longestName): string {
  if (text.length <= most) return text;
  // A half of a pair is no character.
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
