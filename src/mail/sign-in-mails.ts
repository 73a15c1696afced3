import { mail, utc } from './compose.js';

// Security notices about sign-ins and sessions; sent regardless of the owner's notification preference.

export const lockedMail = mail(
  'locked',
  'Your account is locked for a while',
  (publicUrl, until: Date) => `
too many wrong passwords or codes were entered for your account at ${publicUrl}.
It is locked until ${utc(until)}. Devices you have signed in on before may still let you in.

If this was not you, nobody has got in. Resetting your password lifts a lock that wrong passwords caused.
`,
);

export const newDeviceMail = mail(
  'new-device',
  'Sign-in from a new device',
  (publicUrl, device: string, address: string, at: Date) => `
somebody has signed in to your account at ${publicUrl}.

Device:  ${device}
Address: ${address}
Time:    ${utc(at)}

If this was you, there is nothing to do. If not, end the session and change your password.
`,
);

/** Sent to the owner of a session that was ended because a refresh token was used twice. */
export const refreshTokenReusedMail = mail(
  'refresh-token-reused',
  'A session of yours was ended for safety',
  (publicUrl, device: string, at: Date) => `
a session of yours at ${publicUrl} was ended, because a credential of it was used that had been used before.
Somebody may have copied it.

Device: ${device}
Time:   ${utc(at)}

Nobody can use that session any more: sign in again. If it happens again, change your password and look for
malicious software on that device.
`,
);
