/** Other schemes are no links. */
const address = /https?:\/\/[^\s<>"]+/g;
/** At the end of an address these belong to the sentence around it. */
const punctuation = /[.,;:!?)\]}']+$/;

interface Piece {
  /** Its place in the text. */
  readonly at: number;
  readonly text: string;
  readonly isLink: boolean;
}

/** Plain text, in which web addresses can be opened. Nothing in it is taken for HTML. */
export const LinkedText = ({ text }: { readonly text: string }) => (
  <div className="text">
    {piecesOf(text).map(({ at, text: piece, isLink }) =>
      isLink ? (
        <a key={at} href={piece} target="_blank" rel="noreferrer">
          {piece}
        </a>
      ) : (
        piece
      ),
    )}
  </div>
);

function piecesOf(text: string): Piece[] {
  const links = [...text.matchAll(address)]
    .map(({ 0: found, index }) => ({ at: index, text: found.replace(punctuation, ''), isLink: true }))
    .filter((link) => URL.canParse(link.text));
  const starts = [0, ...links.map((link) => link.at + link.text.length)];
  return starts.flatMap((at, n): Piece[] => {
    const link = links[n];
    const before = { at, text: text.slice(at, link?.at), isLink: false };
    return link ? [before, link] : [before];
  });
}
