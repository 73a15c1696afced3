const en = {
  title: 'Prove that it is you',
  lead: 'This can do harm, and you last proved who you are a while ago. What you have entered stays, and is done afterwards.',
  code: 'Code of your authenticator app, or a recovery code',
  useCode: 'Use a code instead',
  usePassword: 'Use the password instead',
  goOn: 'Go on',
};

const de: typeof en = {
  title: 'Weisen Sie sich noch einmal aus',
  lead: 'Dies kann Schaden anrichten, und Ihr letzter Nachweis ist eine Weile her. Was Sie eingegeben haben, bleibt und wird danach getan.',
  code: 'Code Ihrer Authenticator-App oder ein Wiederherstellungscode',
  useCode: 'Stattdessen einen Code verwenden',
  usePassword: 'Stattdessen das Passwort verwenden',
  goOn: 'Weiter',
};

export const texts = { en, de };
