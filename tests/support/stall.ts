/** Blocks the event loop, as a long computation does. @param milliseconds for how long */
export function standStill(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
