import { shortened } from './shortened';

/**
 * A name or text that somebody chose. Its direction of writing does not leave it: `bdi` isolates marks that would turn around
 * what stands beside. A very long one is cut off; hovering shows it whole.
 * @param props.most for texts that may be longer than names, in UTF-16 code units
 */
export function Name({
  children,
  title,
  most,
}: {
  readonly children: string;
  readonly title?: string;
  readonly most?: number;
}) {
  return (
    <bdi className="name" title={title ?? children}>
      {shortened(children, most)}
    </bdi>
  );
}
