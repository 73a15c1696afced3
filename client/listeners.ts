/** Functions that are called at each change. One that throws does not keep the others from being called. */
export class Listeners {
  private readonly all = new Set<() => void>();

  /** @returns a function that removes the listener */
  add(listener: () => void): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  tell(): void {
    for (const listener of [...this.all]) {
      try {
        listener();
      } catch (error) {
        // `reportError` exists in browsers only.
        if (typeof reportError === 'function') reportError(error);
        else console.error(error);
      }
    }
  }

  clear(): void {
    this.all.clear();
  }
}
