/** The column to look an identifier up in; usernames contain no `@`. */
export const identifierColumn = (identifier: string): 'email' | 'username' =>
  identifier.includes('@') ? 'email' : 'username';
