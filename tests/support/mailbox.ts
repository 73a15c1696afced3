import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.js';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly from: { readonly name: string; readonly address: string } | undefined;
}

/** A real SMTP server that keeps what it is sent. */
export class Mailbox {
  readonly mails: ReceivedMail[] = [];
  /** How many of the next deliveries are refused with a temporary failure. */
  refusals = 0;
  /** Recipients about whom it never says a word. */
  readonly hanging = new Set<string>();
  /** Recipients that are refused, with the reply. */
  readonly refused = new Map<string, { readonly responseCode: number; readonly message: string }>();
  /** With it every sender is refused. */
  refusedSender: { readonly responseCode: number; readonly message: string } | undefined;
  /** Every recipient that was named, also those that were refused or never answered. */
  readonly named: string[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onMailFrom: (_address, _session, done) =>
      done(this.refusedSender ? Object.assign(new Error(this.refusedSender.message), this.refusedSender) : null),
    onRcptTo: ({ address }, _session, done) => {
      this.named.push(address);
      if (this.hanging.has(address)) return;
      const refusal = this.refused.get(address);
      done(refusal ? Object.assign(new Error(refusal.message), refusal) : null);
    },
    onData: (stream, session, done) => {
      simpleParser(stream).then((mail) => {
        if (this.refusals > 0) {
          this.refusals -= 1;
          return done(Object.assign(new Error('try later'), { responseCode: 451 }));
        }
        const [sender] = mail.from?.value ?? [];
        const from = sender && { name: sender.name, address: sender.address ?? '' };
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
        this.mails.push({ to, subject: mail.subject ?? '', text: mail.text ?? '', from });
        return done();
      }, done);
    },
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Waits for the count-th mail to an address. */
  async mailTo(address: string, count = 1): Promise<ReceivedMail> {
    return eventually(() => this.mails.filter(({ to }) => to === address)[count - 1]);
  }

  /** Waits for the count-th link to an address and reads its token. */
  async tokenTo(address: string, count = 1): Promise<string> {
    const { text } = await this.mailTo(address, count);
    return /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '';
  }
}
