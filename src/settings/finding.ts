/** What one check has found. */
export interface Finding {
  /** What was looked at, such as `database`. */
  readonly check: string;
  /** `warning`: the service runs, but something is not as it should be. */
  readonly state: 'ok' | 'warning' | 'fault';
  /** A sentence: what is the case and, unless that is well, what to do. */
  readonly told: string;
}
