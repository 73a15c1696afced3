/** Carries messages between the processes of an installation, as long as it is up. Any message may be lost. */
export interface SignalBus {
  readonly isUp: boolean;
  /** Where this process alone receives messages. */
  readonly address: string;
  /** @param to the address of one process; all by default */
  send(message: string, to?: string): void;
  /** Called with each message, also with those of this process to all. */
  onMessage(listener: (message: string) => void): void;
}
