/** The column an identifier is looked up in: no username holds an @. */
export const identifierColumn = (identifier: string): 'email' | 'username' =>
  identifier.includes('@') ? 'email' : 'username';
