/**
 * A name or text that somebody chose. Its direction of writing does not leave it: `bdi` isolates marks that would turn around
 * what stands beside.
 */
export function Name({ children, title }: { readonly children: string; readonly title?: string }) {
  return (
    <bdi className="name" title={title ?? children}>
      {children}
    </bdi>
  );
}
