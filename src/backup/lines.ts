const lineBreak = 0x0a;

/** Rows in a part of what COPY writes: each ends with a line break, and those within values are written as `\n`. */
export function linesIn(part: Buffer): number {
  let count = 0;
  for (let at = part.indexOf(lineBreak); at >= 0; at = part.indexOf(lineBreak, at + 1)) count += 1;
  return count;
}
