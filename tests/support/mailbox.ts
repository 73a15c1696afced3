import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.js';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Undefined for a mail without HTML. */
  readonly html: string | undefined;
  /** As it was transferred. */
  readonly source: string;
  readonly from: { readonly name: string; readonly address: string } | undefined;
}

/** A real SMTP server that collects mails. */
export class Mailbox {
  readonly mails: ReceivedMail[] = [];
  /** Sources of all mails that were transferred, including refused ones. */
  readonly transferred: string[] = [];
  /** Number of deliveries, from the next on, that get a temporary failure. */
  refusals = 0;
  /** Number of mails, behind those that are refused, that are taken, and whose connection then breaks without a reply. */
  drops = 0;
  /** Recipients for which the server never replies. */
  readonly hanging = new Set<string>();
  /** Refused recipients, with the reply. */
  readonly refused = new Map<string, { readonly responseCode: number; readonly message: string }>();
  /** When set, every sender is refused with this reply. */
  refusedSender: { readonly responseCode: number; readonly message: string } | undefined;
  /** Every recipient that was named, including refused and unanswered ones. */
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
      this.parsed(stream).then(({ mail, source }) => {
        this.transferred.push(source);
        if (this.refusals > 0) {
          this.refusals -= 1;
          return done(Object.assign(new Error('try later'), { responseCode: 451 }));
        }
        const [sender] = mail.from?.value ?? [];
        const from = sender && { name: sender.name, address: sender.address ?? '' };
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
        this.mails.push({
          to,
          subject: mail.subject ?? '',
          text: mail.text ?? '',
          html: mail.html || undefined,
          source,
          from,
        });
        if (this.drops === 0) return done();
        this.drops -= 1;
        for (const { id, _socket } of this.server.connections) if (id === session.id) _socket.destroy();
      }, done);
    },
  });

  private async parsed(stream: Readable) {
    const source = await buffer(stream);
    return { mail: await simpleParser(source), source: source.toString('latin1') };
  }

  async listen(): Promise<string> {
    // A process that is killed resets its connections.
    this.server.on('error', () => undefined);
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Waits for a mail to an address. @param count 1 for the first mail, 2 for the second, and so on */
  async mailTo(address: string, count = 1): Promise<ReceivedMail> {
    return eventually(() => this.mails.filter(({ to }) => to === address)[count - 1]);
  }

  /** Waits for a mail to an address and returns the token of its link. @param count as for `mailTo` */
  async tokenTo(address: string, count = 1): Promise<string> {
    const { text } = await this.mailTo(address, count);
    return /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '';
  }
}
