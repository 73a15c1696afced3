const placeholder = (name: string): string => `\${${name}}`;

/** What conditions may say of the caller; the service fills it in at each decision. */
export const placeholders = {
  ofUser: placeholder('user.id'),
  ofEmail: placeholder('user.email'),
  ofRoles: placeholder('user.roles'),
  ofNow: placeholder('now'),
} as const;
