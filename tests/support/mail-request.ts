/** The payload of a job that answers a request for a mail, as the service writes it. */
export const mailRequest = (request: { purpose: string; email: string; ipAddress: string }): Buffer =>
  Buffer.from(JSON.stringify({ ...request, userAgent: null }));
