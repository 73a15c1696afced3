import type { Message } from './transport.js';

/** All mail the service writes. Links come from PUBLIC_URL alone, never from a request. */
const link = (publicUrl: string, purpose: string, token: string): string => `${publicUrl}/${purpose}?token=${token}`;

export const verificationMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Confirm your e-mail address',
  text: `Hello ${username},

please confirm your e-mail address by opening this link:

${link(publicUrl, 'verify-email', token)}

If you did not register, ignore this mail.
`,
});

/** To the owner of an address that somebody tried to register again. */
export const alreadyRegisteredMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'You already have an account',
  text: `Hello ${username},

somebody, perhaps you, tried to register with this e-mail address at ${publicUrl}.
You already have an account under the name above; nothing was changed.
`,
});
