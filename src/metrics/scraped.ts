/** The answer to a request on the metrics port. */
export interface Scraped {
  readonly contentType: string;
  readonly text: string;
}
