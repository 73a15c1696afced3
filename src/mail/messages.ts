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

/** To the owner of a session that was ended because a refresh token came a second time. */
export const refreshTokenReusedMail = (
  to: string,
  username: string,
  publicUrl: string,
  device: string,
  at: Date,
): Message => ({
  to,
  subject: 'A session of yours was ended for safety',
  text: `Hello ${username},

a session of yours at ${publicUrl} was ended, because a credential of it was used that had been used before.
Somebody may have copied it.

Device: ${device}
Time:   ${utc(at)}

Nobody can use that session any more: sign in again. If it happens again, change your password and look for
malicious software on that device.
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
