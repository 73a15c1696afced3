/** Keeps the event loop from turning, as one long computation does. @param milliseconds */
export function standStill(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
