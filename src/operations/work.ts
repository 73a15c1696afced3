/** What something is done for: an operation of the API, or a job. */
export interface Work {
  /** For log lines. */
  describe(): WorkDescription;
}

export interface WorkDescription {
  /** The name of an operation, as the client chose it; null without a name. */
  readonly operation?: string | null;
  readonly requestId?: string;
  /** The task of a job. */
  readonly job?: string;
}
