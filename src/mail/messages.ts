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

const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const lockedMail = (to: string, username: string, publicUrl: string, until: Date): Message => ({
  to,
  subject: 'Your account is locked for a while',
  text: `Hello ${username},

too many wrong passwords or codes were entered for your account at ${publicUrl}.
It is locked until ${utc(until)}. Devices you have signed in on before may still let you in.

If this was not you, nobody has got in. Resetting your password lifts a lock that wrong passwords caused.
`,
});

/** To the address an account had before an administrator set another. */
export const addressReplacedMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'The e-mail address of your account was changed',
  text: `Hello ${username},

an administrator has set another e-mail address for your account at ${publicUrl}.
Mail to this address will not be about that account any more.

If you did not ask for this, speak to an administrator of the service.
`,
});

/** A notice: sent to those who want such mail. */
export const roleGrantedMail = (
  to: string,
  username: string,
  publicUrl: string,
  role: string,
  until: Date | null,
): Message => ({
  to,
  subject: 'You were given a role',
  text: `Hello ${username},

at ${publicUrl} you were given the role ${role}${until ? ` until ${utc(until)}` : ''}.

You get mail like this because your account asks for notifications by e-mail.
`,
});

export const newDeviceMail = (
  to: string,
  username: string,
  publicUrl: string,
  device: string,
  address: string,
  at: Date,
): Message => ({
  to,
  subject: 'Sign-in from a new device',
  text: `Hello ${username},

somebody has signed in to your account at ${publicUrl}.

Device:  ${device}
Address: ${address}
Time:    ${utc(at)}

If this was you, there is nothing to do. If not, end the session and change your password.
`,
});
