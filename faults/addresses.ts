let count = 0;

/** An address that no other client has, of those for documentation; for `X-Forwarded-For`. */
export const addresses = (): string => {
  count += 1;
  return `2001:db8:${count.toString(16)}::1`;
};
