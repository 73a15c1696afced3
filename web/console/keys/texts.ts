const en = {
  title: 'Keys',
  lead: 'The keys that sign access tokens. Other services verify tokens by their public parts, at /.well-known/jwks.json.',
  columns: { key: 'Key', algorithm: 'Algorithm', state: 'State', made: 'Made', next: 'What comes', actions: 'Actions' },
  states: { SIGNING: 'signs', VERIFYING: 'verifies' },
  replaced: 'is replaced by itself',
  removed: 'is removed',
  rotate: 'Rotate',
  rotateTitle: 'Rotate the signing key',
  rotateLead:
    'A new key signs all tokens from now on. The present one verifies until the last token that it has signed has expired. No request fails.',
  rotated: 'A new key signs from now on.',
  mayNotRotate: 'It needs the permission signing-key:rotate.',
  revoke: 'Revoke',
  revokeOf: (kid: string) => `Revoke the key ${kid}`,
  revokeTitle: 'Revoke the key',
  revokeLead:
    'For a key that somebody may have got hold of. Every access token that it has signed is refused at once, and clients refresh their sessions. Services that verify tokens by themselves may know the key for five more minutes.',
  revokeSigning: 'It is the key that signs: another is made in its place.',
  revoked: 'The key was revoked.',
  mayNotRevoke: 'It needs the permission signing-key:revoke.',
};

const de: typeof en = {
  title: 'Schlüssel',
  lead: 'Die Schlüssel, die Zugriffstoken signieren. Andere Dienste prüfen Token anhand der öffentlichen Teile, unter /.well-known/jwks.json.',
  columns: {
    key: 'Schlüssel',
    algorithm: 'Verfahren',
    state: 'Zustand',
    made: 'Angelegt',
    next: 'Was kommt',
    actions: 'Aktionen',
  },
  states: { SIGNING: 'signiert', VERIFYING: 'prüft' },
  replaced: 'wird von selbst ersetzt',
  removed: 'wird entfernt',
  rotate: 'Ersetzen',
  rotateTitle: 'Den Signaturschlüssel ersetzen',
  rotateLead:
    'Ein neuer Schlüssel signiert von jetzt an alle Token. Der bisherige prüft, bis das letzte von ihm signierte Token abgelaufen ist. Keine Anfrage schlägt fehl.',
  rotated: 'Ein neuer Schlüssel signiert von jetzt an.',
  mayNotRotate: 'Dazu braucht es die Berechtigung signing-key:rotate.',
  revoke: 'Widerrufen',
  revokeOf: (kid: string) => `Den Schlüssel ${kid} widerrufen`,
  revokeTitle: 'Den Schlüssel widerrufen',
  revokeLead:
    'Für einen Schlüssel, an den jemand gelangt sein kann. Jedes von ihm signierte Zugriffstoken wird sofort abgewiesen, und Clients erneuern ihre Sitzungen. Dienste, die Token selbst prüfen, kennen den Schlüssel vielleicht noch fünf Minuten.',
  revokeSigning: 'Er ist der Schlüssel, der signiert: An seiner Stelle wird ein neuer angelegt.',
  revoked: 'Der Schlüssel wurde widerrufen.',
  mayNotRevoke: 'Dazu braucht es die Berechtigung signing-key:revoke.',
};

export const texts = { en, de };
