import { unknownDevice } from '../../texts/device-name.js';
import { address, button, facts } from './blocks.js';
import type { Catalogue, Unit } from './catalogue.js';

const askedForNotices =
  'Sie erhalten solche Nachrichten, weil in Ihrem Konto Benachrichtigungen per E-Mail eingeschaltet sind.';

const units: Readonly<Record<Unit, string>> = {
  days: 'Tage',
  hours: 'Stunden',
  minutes: 'Minuten',
  seconds: 'Sekunden',
};

/** German texts of mails. */
export const de: Catalogue = {
  greeting: (username) => (username === null ? 'Guten Tag,' : `Guten Tag ${username},`),
  worksOnce: (lifetime) => `Der Link gilt ${lifetime} lang und funktioniert nur einmal.`,
  orOpen: 'Oder öffnen Sie diese Adresse:',
  duration: (count, unit) => `${count} ${units[unit]}`,
  instant: (day, time, zone) => `${day.split('-').reverse().join('.')}, ${time} ${zone}`,
  device: (name) => (name === unknownDevice ? 'Unbekanntes Gerät' : name.replace(' on ', ' unter ')),
  none: 'keine',
  mails: {
    verification: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      body: ({ publicUrl, time, address: from, device, verification, disownment }) => [
        `jemand, hoffentlich Sie selbst, hat diese E-Mail bei ${publicUrl} angefordert:`,
        facts(['Zeit', time], ['Adresse', from], ['Gerät', device]),
        'Wenn Sie es waren, bestätigen Sie Ihre E-Mail-Adresse über diesen Link:',
        button('Adresse bestätigen', verification),
        'Wenn Sie es nicht waren, öffnen Sie diesen Link nicht; sonst erhält jemand anderes ein Konto mit Ihrer ' +
          'Adresse. Mit dem folgenden Link nehmen Sie es der anderen Person wieder ab, auch nach einer Bestätigung:',
        address(disownment),
      ],
    },
    'registration-disowned': {
      subject: 'Das Konto gehört jetzt Ihnen; legen Sie ein Passwort fest',
      body: ({ publicUrl, reset }) => [
        `wer sich mit Ihrer E-Mail-Adresse bei ${publicUrl} registriert hat, kommt nicht mehr in das Konto. ` +
          'Das Konto besteht weiter. Um es selbst zu nutzen, legen Sie ein Passwort fest:',
        button('Passwort festlegen', reset),
      ],
    },
    'already-registered': {
      subject: 'Sie haben bereits ein Konto',
      body: ({ publicUrl }) => [
        `jemand, vielleicht Sie selbst, wollte sich mit dieser E-Mail-Adresse bei ${publicUrl} registrieren. ` +
          'Sie haben damit bereits ein Konto; es wurde nichts geändert.',
      ],
    },
    'password-reset': {
      subject: 'Legen Sie ein neues Passwort fest',
      body: ({ reset }) => [
        'jemand, hoffentlich Sie selbst, möchte ein neues Passwort für Ihr Konto festlegen. Das geht mit diesem Link:',
        button('Neues Passwort festlegen', reset),
        'Wenn Sie es nicht waren, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist.',
      ],
    },
    'password-changed': {
      subject: 'Ihr Passwort wurde geändert',
      body: ({ publicUrl }) => [
        `das Passwort Ihres Kontos bei ${publicUrl} wurde soeben geändert, und andere Geräte wurden abgemeldet.`,
        'Wenn Sie es nicht waren, fordern Sie sofort ein neues Passwort an.',
      ],
    },
    'email-change': {
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      body: ({ confirmation }) => [
        'bitte bestätigen Sie über diesen Link, dass dies Ihre neue E-Mail-Adresse ist:',
        button('Adresse bestätigen', confirmation),
        'Wenn Sie das nicht angefordert haben, ignorieren Sie diese E-Mail.',
      ],
    },
    'email-change-notice': {
      subject: 'Ihre E-Mail-Adresse soll geändert werden',
      body: ({ publicUrl, undoing }) => [
        `jemand, der Ihr Passwort kennt, möchte Ihrem Konto bei ${publicUrl} eine andere E-Mail-Adresse geben.`,
        'Wenn Sie es nicht waren, öffnen Sie diesen Link. Er behält diese Adresse bei oder stellt sie wieder her und ' +
          'meldet alle Geräte ab:',
        button('Diese Adresse behalten', undoing),
        'Wenn Sie es waren, brauchen Sie nichts zu tun.',
      ],
    },
    'email-change-undone': {
      subject: 'Ihre E-Mail-Adresse bleibt; legen Sie ein neues Passwort fest',
      body: ({ reset }) => [
        'Ihr Konto behält diese E-Mail-Adresse, und alle Geräte wurden abgemeldet. ' +
          'Jemand kannte Ihr Passwort; deshalb gilt es nicht mehr. Legen Sie ein neues fest:',
        button('Neues Passwort festlegen', reset),
      ],
    },
    'address-replaced': {
      subject: 'Die E-Mail-Adresse Ihres Kontos wurde geändert',
      body: ({ publicUrl }) => [
        `die Administration hat für Ihr Konto bei ${publicUrl} eine andere E-Mail-Adresse eingetragen. ` +
          'E-Mails zu diesem Konto gehen künftig nicht mehr an diese Adresse.',
        'Wenn Sie das nicht gewünscht haben, wenden Sie sich an die Administration des Dienstes.',
      ],
    },
    'account-locked': {
      subject: 'Ihr Konto ist vorübergehend gesperrt',
      body: ({ publicUrl, until }) => [
        `für Ihr Konto bei ${publicUrl} wurden zu viele falsche Passwörter oder Codes eingegeben. ` +
          `Es ist gesperrt bis ${until}. Auf Geräten, auf denen Sie sich schon einmal angemeldet haben, kommen Sie ` +
          'möglicherweise weiterhin hinein.',
        'Wenn Sie es nicht waren: Niemand ist in Ihr Konto gelangt. Ein neues Passwort hebt eine Sperre auf, die ' +
          'durch falsche Passwörter entstanden ist.',
      ],
    },
    'locked-by-administrator': {
      subject: 'Ihr Konto wurde von der Administration gesperrt',
      body: ({ publicUrl, until }) => [
        `Ihr Konto bei ${publicUrl} wurde von der Administration gesperrt bis ${until}. So lange kann sich niemand damit ` +
          'anmelden, auch nicht mit dem richtigen Passwort. Ein neues Passwort hebt die Sperre nicht auf.',
        'Wo Sie schon angemeldet sind, bleiben Sie es, sofern die Administration Ihre Sitzungen nicht beendet hat. Wenn Sie ' +
          'nicht wissen, warum Ihr Konto gesperrt ist, fragen Sie bei der Administration des Dienstes nach.',
      ],
    },
    'new-device': {
      subject: 'Anmeldung von einem neuen Gerät',
      body: ({ publicUrl, device, address: from, time }) => [
        `jemand hat sich in Ihrem Konto bei ${publicUrl} angemeldet.`,
        facts(['Gerät', device], ['Adresse', from], ['Zeit', time]),
        'Wenn Sie es waren, brauchen Sie nichts zu tun. Andernfalls beenden Sie die Sitzung und ändern Sie Ihr Passwort.',
      ],
    },
    'refresh-token-reused': {
      subject: 'Eine Ihrer Sitzungen wurde zur Sicherheit beendet',
      body: ({ publicUrl, device, time }) => [
        `eine Ihrer Sitzungen bei ${publicUrl} wurde beendet, weil ein bereits verwendeter Zugangsschlüssel der ` +
          'Sitzung noch einmal verwendet wurde. Möglicherweise hat ihn jemand kopiert.',
        facts(['Gerät', device], ['Zeit', time]),
        'Niemand kann diese Sitzung noch nutzen: Melden Sie sich neu an. Wenn es wieder geschieht, ändern Sie Ihr ' +
          'Passwort und prüfen Sie das Gerät auf Schadsoftware.',
      ],
    },
    'two-factor-enabled': {
      subject: 'Die Anmeldung verlangt jetzt einen zweiten Faktor',
      body: ({ publicUrl }) => [
        `für Ihr Konto bei ${publicUrl} wurde eine Authenticator-App eingerichtet: Ab jetzt brauchen Sie zur Anmeldung ` +
          'einen Code aus der App. Bewahren Sie die angezeigten Wiederherstellungscodes so auf, dass Sie sie auch ohne ' +
          'Ihr Telefon finden. Bereits offene Sitzungen bleiben offen; Sie können sie in Ihrem Konto beenden.',
        'Wenn Sie es nicht waren, beenden Sie alle Sitzungen, setzen Sie Ihr Passwort zurück und benachrichtigen Sie die ' +
          'Administration.',
      ],
    },
    'two-factor-disabled': {
      subject: 'Die Anmeldung verlangt keinen zweiten Faktor mehr',
      body: ({ publicUrl }) => [
        `der zweite Faktor Ihres Kontos bei ${publicUrl} wurde mit Ihrem Passwort und einem Code ausgeschaltet. ` +
          'Der Eintrag in der Authenticator-App und alle Wiederherstellungscodes sind ungültig.',
        'Wenn Sie es nicht waren, setzen Sie Ihr Passwort zurück und benachrichtigen Sie die Administration.',
      ],
    },
    'two-factor-reset': {
      subject: 'Ihr zweiter Faktor wurde entfernt',
      body: ({ publicUrl }) => [
        `der Betreiber von ${publicUrl} hat den zweiten Faktor Ihres Kontos entfernt, wie es für Personen geschieht, die ` +
          'ihn verloren haben. Der Eintrag im Authenticator und alle Wiederherstellungscodes gelten nicht mehr; zur ' +
          'Anmeldung genügt Ihr Passwort.',
        'Richten Sie nach der Anmeldung einen neuen zweiten Faktor ein. Wenn Sie nicht darum gebeten haben, wenden Sie ' +
          'sich an Ihre Administration.',
      ],
    },
    'recovery-codes-regenerated': {
      subject: 'Sie haben neue Wiederherstellungscodes',
      body: ({ publicUrl }) => [
        `für Ihr Konto bei ${publicUrl} wurden neue Wiederherstellungscodes erstellt. Alle älteren sind ungültig.`,
        'Wenn Sie es nicht waren, setzen Sie Ihr Passwort zurück und benachrichtigen Sie die Administration.',
      ],
    },
    'recovery-code-used': {
      subject: 'Ein Wiederherstellungscode wurde verwendet',
      body: ({ publicUrl, left }) => [
        `jemand hat einen der Wiederherstellungscodes Ihres Kontos bei ${publicUrl} verwendet. ` +
          `Noch unbenutzte Codes: ${left}. Neue können Sie in Ihrem Konto erstellen.`,
        'Wenn Sie es nicht waren, setzen Sie Ihr Passwort zurück und erstellen Sie neue Wiederherstellungscodes.',
      ],
    },
    'api-token-created': {
      subject: 'Ein API-Token wurde erstellt',
      body: ({ publicUrl, name, scopes, time }) => [
        `für Ihr Konto bei ${publicUrl} wurde ein API-Token erstellt.`,
        facts(['Name', name], ['Bereiche', scopes], ['Zeit', time]),
        'Wenn Sie es nicht waren, widerrufen Sie das Token, beenden Sie Ihre anderen Sitzungen und ändern Sie Ihr ' +
          'Passwort.',
      ],
    },
    'role-granted': {
      subject: 'Sie haben eine Rolle erhalten',
      body: ({ publicUrl, role, until }) => [
        `bei ${publicUrl} haben Sie die Rolle ${role} erhalten${until === null ? '' : `, gültig bis ${until}`}.`,
        askedForNotices,
      ],
    },
    'role-expiring': {
      subject: 'Eine Ihrer Rollen endet bald',
      body: ({ publicUrl, role, end }) => [
        `bei ${publicUrl} haben Sie die Rolle ${role}; sie endet von selbst: ${end}. ` +
          'Wenn Sie sie weiterhin brauchen, fragen Sie die Person, die sie Ihnen gegeben hat.',
        askedForNotices,
      ],
    },
    'given-role-expiring': {
      subject: 'Eine von Ihnen vergebene Rolle endet bald',
      body: ({ publicUrl, role, holder, end }) => [
        `bei ${publicUrl} endet die Rolle ${role}, die Sie ${holder} gegeben haben, von selbst: ${end}. ` +
          'Wenn sie weiterhin gebraucht wird, vergeben Sie sie erneut mit einem späteren Ende.',
        askedForNotices,
      ],
    },
  },
};
