/**
 * The forms of a mail in its source. The service writes text/plain in UTF-8, without an encoding, by itself or as the
 * first part of multipart/alternative (`mail-file.ts`), so no library is needed to read it.
 */

const endOfHead = '\n\n';

/** What stands between the parts; undefined when there is one part. */
function boundaryOf(source: string): string | undefined {
  const [head = ''] = source.split(endOfHead, 1);
  return /^Content-Type: multipart\/alternative; boundary="([\w-]+)"$/m.exec(head)?.[1];
}

const contentOf = (part: string): string => part.slice(part.indexOf(endOfHead) + endOfHead.length);

/** The text of a mail, as people read it. */
export function textIn(source: string): string {
  const boundary = boundaryOf(source);
  return contentOf(boundary === undefined ? source : (source.split(`\n--${boundary}`)[1] ?? ''));
}

export const hasHtml = (source: string): boolean => boundaryOf(source) !== undefined;
