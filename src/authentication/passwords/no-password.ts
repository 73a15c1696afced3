/** Stored in place of a hash: not one of any scheme, so no password matches it until a new one is set. */
export const noPassword = '!';
