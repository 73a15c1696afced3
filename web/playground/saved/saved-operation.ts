/** What the variables of a saved operation can be filled in with when it is opened. */
export interface Known {
  /** Id of the signed-in person; a hint when nobody is signed in. */
  readonly me: string;
  /** An instant (RFC 3339) so many days from now; negative ones are in the past. */
  readonly daysFromNow: (days: number) => string;
}

export interface SavedOperation {
  readonly title: string;
  /** One line that says what it shows. */
  readonly shows: string;
  /** GraphQL, valid against schema.graphql. */
  readonly document: string;
  readonly variables?: (known: Known) => object;
}

export interface SavedGroup {
  readonly title: string;
  readonly operations: readonly SavedOperation[];
}

/** The text that the editor opens with. */
export const textOf = ({ shows, document }: SavedOperation): string => `# ${shows}\n${document.trim()}\n`;
